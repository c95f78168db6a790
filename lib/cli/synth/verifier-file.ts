import { parseDocument } from 'yaml';
import { Check, optional, Properties, requireProperties } from '../../authoring/properties';
import { registries } from '../../authoring/verifier-registry';
import { verifierSettings } from '../../authoring/verifier-settings';
import { WEBHOOK_VERIFIER, WebhookVerifierProps } from '../../authoring/webhook-verifier-props';
import { WebhookSettings } from '../../engines/webhook';
import { misreadLine } from '../../kubernetes/yaml-text';
import { readText } from '../../verifier/read-text';
import { yamlProblem } from '../../verifier/yaml-problem';
import { UsageError } from '../exit';

/** What classes say, a program can say alone. */
const inCode = (example: string): Check => (field) => {
  field.problem(`is a value that a program makes, which no file holds: leave it out, or make the verifier in a program, new WebhookVerifier(this, 'verifier', { ${example} })`);
};

/** What each property takes where a file says it. */
const IN_FILES: Properties<WebhookVerifierProps> = {
  ...WEBHOOK_VERIFIER,
  tls: optional(inCode("tls: VerifierTls.certManager({ name: 'internal-ca' })")),
  registries: optional(registries(inCode("registries: [{ host: '…', identity: RegistryIdentity.azure({ … }) }]"))),
};

/**
 * How the verifier is deployed: the defaults, or what a YAML or JSON file with the properties of a `WebhookVerifier` says otherwise.
 *
 * A certificate of cert-manager and the identities of clouds are made by classes, which no file holds.
 *
 * @throws UsageError, RefusedError
 */
export async function readVerifier(file: string | undefined): Promise<WebhookSettings> {
  if (file === undefined) {
    return verifierSettings('the verifier', {});
  }
  const text = await readText(file, '--verifier');
  const misread = misreadLine(text);
  if (misread !== undefined) {
    throw new UsageError(`--verifier ${file}: line ${misread.line} ${misread.problem}`);
  }
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new UsageError(`--verifier ${file}: ${yamlProblem(error, file)}`);
  }
  const props = document.toJS({ maxAliasCount: 0 }) as WebhookVerifierProps;
  requireProperties(file, props, IN_FILES);
  return verifierSettings(file, props);
}
