import fc from 'fast-check';
import { formatInstant, InstantError, isOver, parseInstant } from '../../lib/policy/instant';

test.each([
  ['2027-03-31', '2027-03-31T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['1970-01-01', '1970-01-01T00:00:00.000Z'],
  ['9999-12-31', '9999-12-31T00:00:00.000Z'],
  ['2027-03-31T18:00:00Z', '2027-03-31T18:00:00.000Z'],
  ['2027-03-31T18:00:00.5Z', '2027-03-31T18:00:00.500Z'],
  ['2027-03-31T18:00:00.123456789Z', '2027-03-31T18:00:00.123Z'],
  ['2027-03-31T18:00:00+02:00', '2027-03-31T16:00:00.000Z'],
  ['2027-03-31T00:30:00+05:45', '2027-03-30T18:45:00.000Z'],
  ['2027-03-31T23:00:00-01:30', '2027-04-01T00:30:00.000Z'],
  ['2027-03-31T23:59:59-00:00', '2027-03-31T23:59:59.000Z'],
])('%s is %s', (text, iso) => {
  expect(new Date(parseInstant(text)).toISOString()).toBe(iso);
});

test.each([
  '', ' ', 'never', '2027', '2027-03', '2027-3-31', '27-03-31', '2027-00-10', '2027-13-01', '2027-02-29', '2100-02-29', '2027-04-31', '2027-01-00',
  '1969-12-31', '0000-01-01',
  '+002027-03-31', '2027-03-31Z', '2027-03-31T18:00Z', '2027-03-31T18:00:00', '2027-03-31 18:00:00Z', '2027-03-31t18:00:00z', '2027-03-31T24:00:00Z',
  '2027-03-31T18:60:00Z',
  '2027-03-31T18:00:60Z', '2027-03-31T18:00:00+24:00', '2027-03-31T18:00:00+02:60', '2027-03-31T18:00:00+0200', '2027-03-31T18:00:00+02',
  '2027-03-31T18:00:00.Z',
  '2027-03-31T18:00:00.1234567890Z', '2027-03-31T18:00:00Z ', '2027-03-31\n', ' 2027-03-31', '20270331', '2027-W13-3', '1711900800',
  '\u0662\u0660\u0662\u0667-03-31',
])('%j is no date', (text) => {
  expect(() => parseInstant(text)).toThrow(InstantError);
});

test('what lasts until an instant is over from that very millisecond on', () => {
  const until = '2027-03-31T18:00:00+02:00';
  const end = Date.UTC(2027, 2, 31, 16);
  expect(isOver(until, end - 1)).toBe(false);
  expect(isOver(until, end)).toBe(true);
  expect(isOver(until, end + 1)).toBe(true);
});

test('a day is over when it starts in UTC', () => {
  expect(isOver('2027-03-31', Date.UTC(2027, 2, 31) - 1)).toBe(false);
  expect(isOver('2027-03-31', Date.UTC(2027, 2, 31))).toBe(true);
});

test('a clock that does not work relaxes nothing', () => {
  expect(isOver('2027-03-31', Number.NaN)).toBe(true);
});

test('the text of an instant is read as the same instant, and is the shortest', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (instant) => {
    expect(parseInstant(formatInstant(instant))).toBe(instant);
  }));
  for (const text of ['2027-03-31', '2027-03-31T00:00:00Z', '2027-03-31T02:00:00+02:00']) {
    expect(formatInstant(parseInstant(text))).toBe('2027-03-31');
  }
  expect(formatInstant(parseInstant('2027-03-31T18:00:00.000+02:00'))).toBe('2027-03-31T16:00:00Z');
  expect(formatInstant(1)).toBe('1970-01-01T00:00:00.001Z');
});
