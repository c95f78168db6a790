import { parseDocument } from 'yaml';
import { requireProperties } from '../../authoring/properties';
import { verifierSettings } from '../../authoring/verifier-settings';
import { WEBHOOK_VERIFIER, WebhookVerifierProps } from '../../authoring/webhook-verifier-props';
import { WebhookSettings } from '../../engines/webhook';
import { misreadLine } from '../../kubernetes/yaml-text';
import { readText } from '../../verifier/read-text';
import { yamlProblem } from '../../verifier/yaml-problem';
import { UsageError } from '../exit';

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
  requireProperties(file, props, WEBHOOK_VERIFIER);
  return verifierSettings(file, props);
}
