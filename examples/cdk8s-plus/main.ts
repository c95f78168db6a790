import { App } from 'cdk8s';
import { Enforcement, Payments } from './chart';

const app = new App();
const payments = new Payments(app, 'payments');
const enforcement = new Enforcement(app, 'enforcement', { namespace: payments.home });
// Written and applied in this order: from its first Pod on, nothing of the team runs unjudged.
payments.addDependency(enforcement);
app.synth();
