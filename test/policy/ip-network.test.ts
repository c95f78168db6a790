import { isIP } from 'node:net';
import fc from 'fast-check';
import { ipv4Bits, ipv6Bits } from '../../lib/policy/ip-address';
import { ipNetworkText, parseIpNetwork } from '../../lib/policy/ip-network';

test.each([
  ['10.0.0.10/32', '10.0.0.10/32'], ['10.0.0.10/8', '10.0.0.0/8'], ['255.255.255.255/1', '128.0.0.0/1'], ['192.0.2.255/25', '192.0.2.128/25'], ['0.0.0.0/0', '0.0.0.0/0'],
  ['fd00::/64', 'fd00::/64'], ['FD00:0:0:1::/64', 'fd00:0:0:1::/64'], ['fd00::1/64', 'fd00::/64'], ['2001:db8::ff:1/127', '2001:db8:0:0:0:0:ff:0/127'],
  ['::1/128', '0:0:0:0:0:0:0:1/128'], ['::/0', '::/0'], ['1:2:3:4:5:6:10:0/128', '1:2:3:4:5:6:10:0/128'], ['1:2:3:4:5:10:0:0/112', '1:2:3:4:5:10::/112'], ['1:2:3:4:5:6:7::/128', '1:2:3:4:5:6:7:0/128'],
])('%s is of the network %s', (text, network) => {
  expect(ipNetworkText(parseIpNetwork(text)!)).toBe(network);
  expect(ipNetworkText(parseIpNetwork(network)!)).toBe(network);
});

test.each([
  '', '/', '10.0.0.10', '/32', '10.0.0.10/', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/+8', '10.0.0.0/8.0', '10.0.0.0/8/8', '10.0.0.0/255.0.0.0', '10.0.0/8', '10.0.0.0.0/8', '010.0.0.0/8', '256.0.0.0/8',
  '0x0a.0.0.0/8', '10.0.0.0 /8', ' 10.0.0.0/8', '10.0.0.0/8\n', '10.*.0.0/8', 'api.test/32', 'fd00::/129', 'fd00:/64', 'fd00/64', '[fd00::]/64', 'fd00::1::/64', ':::/64', ':fd00::/64', '1:2:3:4:5:6:7/64',
  '1:2:3:4:5:6:7:8:9/64', '1:2:3:4::5:6:7:8/64', 'fd00::g/64', 'fd000::/64', 'fe80::1%eth0/64', '::ffff:10.0.0.0/104', '\u0661\u0660.0.0.0/8',
])('%j is no network', (text) => {
  expect(parseIpNetwork(text)).toBeUndefined();
});

test('what is an address is what Node takes for one, but for an IPv4 address in an IPv6 one, and zones', () => {
  const piece = fc.oneof({ weight: 3, arbitrary: fc.nat(300).map(String) }, fc.nat(0x1ffff).map((group) => group.toString(16)), fc.constantFrom('', '0', '00', '-1'));
  const texts = fc.tuple(fc.array(piece, { maxLength: 9 }), fc.constantFrom('.', ':')).map(([pieces, separator]) => pieces.join(separator));
  const addresses = fc.oneof(fc.ipV4(), fc.ipV6().filter((text) => !text.includes('.')), texts);
  fc.assert(fc.property(addresses, (text) => {
    expect([ipv4Bits(text)?.length, ipv6Bits(text)?.length]).toEqual([isIP(text) === 4 ? 32 : undefined, isIP(text) === 6 ? 128 : undefined]);
  }), { numRuns: 2000 });
});
