// The image of the verifier, made on the Node that it ships: node scripts/image.mjs [OPTION...]; --help lists them.
import { become, verifierNode } from './nodes.mjs';

// fetch() does not use the proxy that the environment names unless told to.
process.env.NODE_USE_ENV_PROXY ??= '1';
become(verifierNode(), ['--import', 'tsx', 'image/main.ts', ...process.argv.slice(2)]);
