// The JSON schema of the policy document, from its TypeScript types: node scripts/schema.mjs [--check]
// With --check nothing is written; exit code 1 says that the written one is not what the types say.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

const schema = {
  $id: 'https://proofgate.dev/schema/v1/policy.json',
  ...createGenerator({
    path: 'lib/policy/document.ts',
    tsconfig: 'tsconfig.dev.json',
    type: 'PolicyDocument',
    additionalProperties: false,
    sortProps: true,
    topRef: true,
    skipTypeCheck: true,
  }).createSchema('PolicyDocument'),
};
const json = JSON.stringify(schema, null, 2);

const files = { 'schema/policy.json': `${json}\n` };

const stale = Object.entries(files).filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
if (process.argv.includes('--check')) {
  for (const [path] of stale) {
    console.error(`${path} is not what lib/policy/document.ts says. Run 'npm run schema' and commit it.`);
  }
  process.exit(stale.length > 0 ? 1 : 0);
}
for (const [path, text] of stale) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
