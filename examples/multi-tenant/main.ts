import { App } from 'cdk8s';
import { Enforcement } from './chart';

const app = new App();
new Enforcement(app, 'enforcement', {
  teams: [
    { name: 'payments', repository: 'acme/payments', namespaces: ['payments', 'payments-jobs'] },
    { name: 'ledger', repository: 'acme/ledger', namespaces: ['ledger'], auditUntil: '2027-03-31' },
  ],
});
app.synth();
