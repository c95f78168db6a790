import { isDnsLabel } from '../policy/dns-label';
import { refuseInput } from '../authoring/input';

/** The name of the document that a construct writes: the one it is given, which is judged with the document, or its id. */
export function documentName(path: string, id: string, name: string | undefined): string {
  if (name === undefined && !isDnsLabel(id)) {
    refuseInput(path, `its id ${JSON.stringify(id)} is its name as well, which is not a DNS label: up to 63 lower-case letters, digits and inner hyphens`,
      'Give it a `name`, for example payments, or another id.');
  }
  return name ?? id;
}
