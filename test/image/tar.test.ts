import { Entry, textFile } from '../../image/entry';
import { readTar, writeTar } from '../../image/tar';

const entries: ReadonlyArray<[string, Entry]> = [
  ['usr/bin/node', { type: 'file', content: Buffer.from('program'), executable: true }],
  ['etc/os-release', { type: 'link', target: '../usr/lib/os-release' }],
  [`usr/share/doc/${'long/'.repeat(60)}copyright`, textFile('text')],
  ['usr/bin.txt', textFile('sorted by bytes, between bin and bin/')],
];

test('the order in which entries are given makes no difference', async () => {
  const tar = await writeTar(new Map(entries));
  expect(await writeTar(new Map([...entries].reverse()))).toEqual(tar);
  expect(await writeTar(new Map([...entries.slice(1), ['usr/bin/node', textFile('program')] as [string, Entry]]))).not.toEqual(tar);
});

test('what was written is read again', async () => {
  expect(new Map([...await readTar(await writeTar(new Map(entries)))].sort())).toEqual(new Map([...entries].sort()));
});

test('a path cannot be a file and a folder', async () => {
  await expect(writeTar(new Map([...entries, ['usr/bin', textFile('')]]))).rejects.toThrow(/usr\/bin cannot be a file and a folder/);
});
