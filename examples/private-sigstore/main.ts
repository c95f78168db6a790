import { join } from 'node:path';
import { App } from 'cdk8s';
import { Enforcement } from './chart';

const app = new App();
new Enforcement(app, 'enforcement', {
  registry: process.env['REGISTRY'] ?? 'registry.corp.example',
  trustedRoot: process.env['TRUSTED_ROOT'] ?? join(__dirname, 'sigstore', 'trusted_root.json'),
});
app.synth();
