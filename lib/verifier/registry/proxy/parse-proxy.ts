import { NameError } from '../../../policy/name-error';
import { ConfigSection } from '../config-section';
import { parseExceptions } from './exceptions';
import { Proxy } from './proxy';

const FIELDS = ['url', 'caFile', 'credentialsFolder', 'except'];

/** The `proxy` of a section, if it has one. */
export function parseProxy(parent: ConfigSection): Proxy | undefined {
  const section = parent.section('proxy', FIELDS);
  const text = section?.requiredText('url');
  if (section === undefined || text === undefined) {
    return undefined;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const sound = url !== undefined && ['http:', 'https:'].includes(url.protocol) && `${url.protocol}//${url.host}/` === url.href;
  if (!sound) {
    // Not repeated: there may be a password in it.
    section.wrong('url', 'expected http://host:port or https://host:port, without path; a username and password belong into files in credentialsFolder');
    return undefined;
  }
  const ca = section.certificates('caFile');
  if (ca !== undefined && url.protocol !== 'https:') {
    section.wrong('caFile', 'is for a proxy that is spoken to by TLS, and url is not https; authorities of registries belong beside proxy');
  }
  const credentialsFolder = section.path('credentialsFolder');
  const except = section.texts('except');
  return {
    url,
    ...(ca === undefined ? {} : { ca }),
    ...(credentialsFolder === undefined ? {} : { credentialsFolder }),
    exceptions: section.attempt('except', () => parseExceptions(except), NameError) ?? parseExceptions([]),
  };
}
