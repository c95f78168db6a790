'use strict';

const { createHash } = require('node:crypto');
const { transformSync, version } = require('esbuild');

/** Turns one TypeScript or ES module file into CommonJS for jest; nothing is checked and nothing is mocked. */
module.exports = {
  process(source, path) {
    const { code } = transformSync(source, {
      sourcefile: path,
      loader: /\.[cm]?ts$/.test(path) ? 'ts' : 'js',
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      // Without flags of its own, jest takes what is imported late only by require.
      supported: { 'dynamic-import': false },
      sourcemap: 'inline',
      define: { 'import.meta.url': '__importMetaUrl' },
      banner: 'const __importMetaUrl = require("node:url").pathToFileURL(__filename).href;',
    });
    return { code };
  },
  getCacheKey(source, path) {
    return createHash('sha256').update([version, OWN_SOURCE, path, source].join('\0')).digest('hex').slice(0, 32);
  },
};

const OWN_SOURCE = require('node:fs').readFileSync(__filename, 'utf8');
