import { createPublicKey } from 'node:crypto';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Identity, preAuthEncoding, SigstoreWorld } from '../support/sigstore';
import { pemOf } from '../support/sigstore/certificate';
import { LogEntryJson } from '../support/sigstore/transparency-log';
import { logBody } from '../support/sigstore/log-body';

/** A certificate authority (Fulcio) and a log (Rekor v1) of a Sigstore world that a signing client can talk to; whoever asks is the one identity. */
export class SigstoreServices {
  static async start(world: SigstoreWorld, identity: Identity): Promise<SigstoreServices> {
    const services = new SigstoreServices(world, identity);
    await new Promise<void>((resolve) => services.server.listen(0, '127.0.0.1', resolve));
    return services;
  }

  private readonly server: Server;

  private constructor(private readonly world: SigstoreWorld, private readonly identity: Identity) {
    this.server = createServer((request, response) => void json(request).then((body) => {
      const answer = request.url === '/api/v2/signingCert' ? this.certify(body as CertificateRequest) : this.log(body as LogRequest);
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private certify({ publicKeyRequest }: CertificateRequest): object {
    const { certificateAuthority, ctLog } = this.world;
    const leaf = certificateAuthority.issue(this.identity, createPublicKey(publicKeyRequest.publicKey.content), { at: this.world.now, ctLogs: [ctLog] });
    return { signedCertificateEmbeddedSct: { chain: { certificates: [leaf, ...certificateAuthority.chain].map((der) => pemOf('CERTIFICATE', der)) } } };
  }

  private log({ spec }: LogRequest): object {
    const { payload, payloadType, signatures: [signature] } = JSON.parse(spec.proposedContent.envelope) as Envelope;
    const content = Buffer.from(payload, 'base64');
    const der = Buffer.from(Buffer.from(spec.proposedContent.verifiers[0], 'base64').toString().replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    const body = logBody('dsse 0.0.1', {
      payload: content, signed: preAuthEncoding(payloadType, content), signature: Buffer.from(signature.sig, 'base64'), signer: { type: 'certificate', der, keyDetails: '', hash: 'sha256' },
    });
    return { entry: asRekor(this.world.rekor1.add({ kind: body.kind, version: body.apiVersion }, body, new Date())) };
  }
}

interface CertificateRequest {
  readonly publicKeyRequest: { readonly publicKey: { readonly content: string } };
}

interface LogRequest {
  readonly spec: { readonly proposedContent: { readonly envelope: string; readonly verifiers: [string] } };
}

interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: [{ readonly sig: string }];
}

/** Rekor's own JSON has hex where bundles have base64. */
function asRekor({ logIndex, logId, integratedTime, inclusionPromise, inclusionProof, canonicalizedBody }: LogEntryJson): object {
  const hex = (base64 = ''): string => Buffer.from(base64, 'base64').toString('hex');
  return {
    body: canonicalizedBody,
    integratedTime: Number(integratedTime),
    logID: hex(logId.keyId),
    logIndex: Number(logIndex),
    verification: {
      signedEntryTimestamp: inclusionPromise?.signedEntryTimestamp,
      inclusionProof: {
        logIndex: Number(inclusionProof?.logIndex), treeSize: Number(inclusionProof?.treeSize), rootHash: hex(inclusionProof?.rootHash),
        hashes: inclusionProof?.hashes.map(hex), checkpoint: inclusionProof?.checkpoint.envelope,
      },
    },
  };
}
