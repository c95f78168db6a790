import { ConfigSection } from '../config-section';
import { AwsIdentity, ecrIssuer } from './aws';
import { azureIssuer } from './azure';
import { GoogleIdentity, googleIssuer } from './google';
import { Issuer, RenewedCredential } from './renewed';
import { CredentialSource } from './source';

/** The settings that say who the verifier is for a cloud. */
export const IDENTITY_FIELDS = ['aws', 'google', 'azure'];

/** Reads one of `IDENTITY_FIELDS`, if it is there. @param host - canonical host of the registry */
export function parseIdentity(section: ConfigSection, host: string): CredentialSource | undefined {
  const issuer = aws(section, host) ?? google(section, host) ?? azure(section, host);
  return issuer && new RenewedCredential(issuer);
}

function aws(parent: ConfigSection, host: string): Issuer | undefined {
  const section = parent.section('aws', ['region', 'roleArn', 'tokenFile', 'keysFolder']);
  const region = section?.requiredText('region');
  if (section === undefined || region === undefined) {
    return undefined;
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    section.wrong('region', 'expected the name of a region, such as eu-west-1');
    return undefined;
  }
  const identity = awsIdentity(section);
  return identity && ecrIssuer(host, region, identity);
}

function awsIdentity(section: ConfigSection): AwsIdentity | undefined {
  section.onlyOneOf(['keysFolder', 'roleArn']);
  section.onlyOneOf(['keysFolder', 'tokenFile']);
  const folder = section.path('keysFolder');
  if (folder !== undefined) {
    return { type: 'keys', folder };
  }
  const roleArn = section.requiredText('roleArn');
  section.requiredText('tokenFile');
  const tokenFile = section.path('tokenFile');
  return roleArn === undefined || tokenFile === undefined ? undefined : { type: 'web-identity', roleArn, tokenFile };
}

function google(parent: ConfigSection, host: string): Issuer | undefined {
  const section = parent.section('google', ['metadata', 'audience', 'tokenFile', 'serviceAccount']);
  const identity = section && googleIdentity(section);
  return identity && googleIssuer(host, identity);
}

function googleIdentity(section: ConfigSection): GoogleIdentity | undefined {
  if (section.flag('metadata')) {
    for (const field of ['audience', 'tokenFile', 'serviceAccount']) {
      section.onlyOneOf(['metadata', field]);
    }
    return { type: 'metadata' };
  }
  const audience = section.requiredText('audience');
  section.requiredText('tokenFile');
  const tokenFile = section.path('tokenFile');
  const serviceAccount = section.text('serviceAccount');
  return audience === undefined || tokenFile === undefined ? undefined : { type: 'federation', audience, tokenFile, ...serviceAccount === undefined ? {} : { serviceAccount } };
}

function azure(parent: ConfigSection, host: string): Issuer | undefined {
  const section = parent.section('azure', ['tenantId', 'clientId', 'tokenFile']);
  const [tenantId, clientId] = ['tenantId', 'clientId'].map((field) => section?.requiredText(field));
  section?.requiredText('tokenFile');
  const tokenFile = section?.path('tokenFile');
  return tenantId === undefined || clientId === undefined || tokenFile === undefined ? undefined : azureIssuer(host, { tenantId, clientId, tokenFile });
}
