import { parseDocument } from 'yaml';
import { Check, optional, Properties, requireProperties } from '../../authoring/properties';
import { describeRefusal, RefusedError } from '../../authoring/refusal';
import { registries } from '../../authoring/verifier-registry';
import { verifierSettings } from '../../authoring/verifier-settings';
import { WEBHOOK_VERIFIER, WebhookVerifierProps } from '../../authoring/webhook-verifier-props';
import { WebhookSettings } from '../../engines/webhook';
import { misreadLine } from '../../kubernetes/yaml-text';
import { readText } from '../../verifier/read-text';
import { yamlProblem } from '../../verifier/yaml-problem';
import { UsageError } from '../exit';
import { Refused } from './enforcement';

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

/** What a file says of a verifier, or everything that is wrong with it; never both. */
type Verifier = { readonly settings: WebhookSettings; readonly refused: readonly [] } | { readonly settings?: undefined; readonly refused: readonly Refused[] };

/**
 * How the verifier is deployed: the defaults, or what a YAML or JSON file with the properties of a `WebhookVerifier` says otherwise.
 *
 * A certificate of cert-manager and the identities of clouds are made by classes, which no file holds.
 *
 * @throws UsageError for a file that cannot be read
 */
export async function readVerifier(file: string | undefined): Promise<Verifier> {
  if (file === undefined) {
    return { settings: verifierSettings('the verifier', {}), refused: [] };
  }
  const text = await readText(file, '--verifier');
  const misread = misreadLine(text);
  if (misread !== undefined) {
    throw new UsageError(`--verifier ${file}: line ${misread.line} ${misread.problem}`);
  }
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
  const [unread] = document.errors;
  if (unread !== undefined) {
    throw new UsageError(`--verifier ${file}: ${yamlProblem(unread, file)}`);
  }
  const props = document.toJS({ maxAliasCount: 0 }) as WebhookVerifierProps;
  try {
    requireProperties(file, props, IN_FILES);
    return { settings: verifierSettings(file, props), refused: [] };
  } catch (error) {
    if (!(error instanceof RefusedError)) {
      throw error;
    }
    return { refused: error.refusals.map((refusal) => ({ code: refusal.code, file, message: describeRefusal(refusal).slice(`[${refusal.code}] ${refusal.path}: `.length) })) };
  }
}
