import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { KeylessAttestor, NamespaceSelection, SignedImagePolicy } from 'proofgate';

export class Enforcement extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    // The pipeline of one project at its release tags; the id stays with the project when its path is given to somebody else.
    const pipeline = KeylessAttestor.gitlabPipeline(this, 'pipeline', {
      project: 'acme/backend/payments', ref: 'refs/tags/v*', projectId: '48127713',
    });

    new SignedImagePolicy(this, 'payments', {
      images: ['registry.gitlab.com/acme/backend/payments/**'],
      namespaces: NamespaceSelection.names('payments'),
      attestors: [pipeline],
    });
  }
}
