import * as grpc from '@grpc/grpc-js';
import * as plugin from '@pulumi/pulumi/proto/plugin_pb';
import * as provider from '@pulumi/pulumi/proto/provider_pb';
import * as services from '@pulumi/pulumi/proto/provider_grpc_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';

/** What the engine has asked of the provider. */
export interface Operation {
  readonly operation: 'create' | 'update' | 'delete';
  readonly preview: boolean;
  /** Name of the resource. */
  readonly name: string;
  /** The kind of the object, for example `Deployment`. */
  readonly kind: string;
  readonly properties: { readonly [field: string]: unknown };
}

type Answer<T> = grpc.sendUnaryData<T>;
type Call<T> = { readonly request: T };

/**
 * A Kubernetes provider without a cluster: it creates whatever it is asked to, returns it as it came, and remembers it. What it was never asked
 * would never have reached a cluster.
 */
export class EchoProvider {
  /** Starts one that the engine finds with `PULUMI_DEBUG_PROVIDERS=kubernetes:PORT`. */
  static async start(): Promise<EchoProvider> {
    const echo = new EchoProvider();
    echo.port = await new Promise<number>((done, failed) => {
      echo.server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => (error === null ? done(port) : failed(error)));
    });
    return echo;
  }

  port = 0;
  private readonly operations: Operation[] = [];
  private readonly server = new grpc.Server();

  private constructor() {
    this.server.addService(services.ResourceProviderService, this.handlers());
  }

  /** What it was asked since the last call. */
  take(): Operation[] {
    return this.operations.splice(0);
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private handlers(): grpc.UntypedServiceImplementation {
    return {
      handshake: (_: unknown, answer: Answer<provider.ProviderHandshakeResponse>) => {
        const response = new provider.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        response.setAcceptResources(true);
        answer(null, response);
      },
      attach: (_: unknown, answer: Answer<Empty>) => answer(null, new Empty()),
      cancel: (_: unknown, answer: Answer<Empty>) => answer(null, new Empty()),
      getPluginInfo: (_: unknown, answer: Answer<plugin.PluginInfo>) => {
        const response = new plugin.PluginInfo();
        response.setVersion('4.25.0');
        answer(null, response);
      },
      checkConfig: (call: Call<provider.CheckRequest>, answer: Answer<provider.CheckResponse>) => answer(null, checked(call.request)),
      diffConfig: (_: unknown, answer: Answer<provider.DiffResponse>) => answer(null, difference(false)),
      configure: (_: unknown, answer: Answer<provider.ConfigureResponse>) => {
        const response = new provider.ConfigureResponse();
        response.setAcceptsecrets(true);
        response.setSupportspreview(true);
        response.setAcceptresources(true);
        answer(null, response);
      },
      check: (call: Call<provider.CheckRequest>, answer: Answer<provider.CheckResponse>) => answer(null, checked(call.request)),
      diff: (call: Call<provider.DiffRequest>, answer: Answer<provider.DiffResponse>) => answer(null, diff(call.request)),
      create: (call: Call<provider.CreateRequest>, answer: Answer<provider.CreateResponse>) => {
        const preview = call.request.getPreview();
        const properties = this.note('create', preview, call.request.getUrn(), call.request.getProperties());
        const response = new provider.CreateResponse();
        response.setId(preview ? '' : String((properties['metadata'] as { readonly name?: string } | undefined)?.name ?? 'id'));
        response.setProperties(struct(properties));
        answer(null, response);
      },
      update: (call: Call<provider.UpdateRequest>, answer: Answer<provider.UpdateResponse>) => {
        const properties = this.note('update', call.request.getPreview(), call.request.getUrn(), call.request.getNews());
        const response = new provider.UpdateResponse();
        response.setProperties(struct(properties));
        answer(null, response);
      },
      delete: (call: Call<provider.DeleteRequest>, answer: Answer<Empty>) => {
        this.note('delete', false, call.request.getUrn(), call.request.getProperties());
        answer(null, new Empty());
      },
      read: (call: Call<provider.ReadRequest>, answer: Answer<provider.ReadResponse>) => {
        const response = new provider.ReadResponse();
        response.setId(call.request.getId());
        response.setProperties(call.request.getProperties());
        response.setInputs(call.request.getInputs());
        answer(null, response);
      },
    };
  }

  private note(operation: Operation['operation'], preview: boolean, urn: string, fields: Struct | undefined): { readonly [field: string]: JavaScriptValue } {
    const properties = fields?.toJavaScript() ?? {};
    const [type = '', name = ''] = urn.split('::').slice(2);
    this.operations.push({ operation, preview, name, kind: type.slice(type.lastIndexOf(':') + 1), properties });
    return properties;
  }
}

function checked(request: provider.CheckRequest): provider.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(request.getNews());
  return response;
}

/** As the real provider: an object with another name is another object, and a ConfigMap is never changed. */
function diff(request: provider.DiffRequest): provider.DiffResponse {
  const [olds, news]: readonly Fields[] = [request.getOlds(), request.getNews()].map((fields) => fields?.toJavaScript() ?? {});
  const changed = [...new Set([...Object.keys(olds ?? {}), ...Object.keys(news ?? {})])].filter((key) => canonical(olds?.[key]) !== canonical(news?.[key]));
  const response = difference(changed.length > 0);
  response.setDiffsList(changed);
  if (olds?.metadata?.name !== news?.metadata?.name) {
    response.setReplacesList(['metadata.name']);
  }
  return response;
}

interface Fields {
  readonly [field: string]: JavaScriptValue | undefined;
  readonly metadata?: JavaScriptValue & { readonly name?: JavaScriptValue };
}

function difference(changed: boolean): provider.DiffResponse {
  const response = new provider.DiffResponse();
  response.setChanges(changed ? provider.DiffResponse.DiffChanges.DIFF_SOME : provider.DiffResponse.DiffChanges.DIFF_NONE);
  return response;
}

function struct(properties: { readonly [field: string]: JavaScriptValue }): Struct {
  return Struct.fromJavaScript(properties);
}

/** Independent of the order of fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (
    typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item
  ));
}
