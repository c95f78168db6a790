import { celStrings, readCelStrings } from '../../lib/kubernetes/cel';

test.each([[[]], [['a']], [['system:masters', 'o\'neil', 'back\\slash', 'Müller', '😀', 'a, b', '\', \'', '']]])('what is written is what is read: %j', (texts) => {
  expect(readCelStrings(celStrings(texts))).toEqual(texts);
});

test.each(['', '[', '[\'a\'', '[a]', '[\'a\'] + groups', '[\'a\',\'b\' ]', '[\'a\\nb\']', '[\'a\'b\']', 'request.userInfo.groups', '["a"]', '[\'a\\U00110000\']'])('%s is no list that was written here', (expression) => {
  expect(readCelStrings(expression)).toBeUndefined();
});
