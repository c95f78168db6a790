import { App } from 'cdk8s';
import { Enforcement } from './chart';

const app = new App();
new Enforcement(app, 'enforcement');
app.synth();
