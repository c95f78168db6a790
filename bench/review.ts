/** An admission review of a Pod as the API server sends it for one that a controller made: 3.5 KB. */
export function reviewOf(image: string): Buffer {
  return reviewOfPod(podOf([image]));
}

/** The same of a Pod with a container for each image. */
export function reviewOfMany(images: readonly string[]): Buffer {
  return reviewOfPod(podOf(images));
}

export interface BenchPod {
  readonly kind: string;
  readonly apiVersion: string;
  readonly status: object;
  readonly metadata: { readonly generateName: string; readonly labels: object; readonly [field: string]: unknown };
  readonly spec: { readonly serviceAccountName: string; readonly [field: string]: unknown };
}

/** A Pod that a controller made. */
export function podOf(images: readonly string[]): BenchPod {
  const labels = { 'app.kubernetes.io/name': 'checkout', 'app.kubernetes.io/part-of': 'shop', 'pod-template-hash': '6d4cf56db6' };
  const containers = images.map((image, place) => ({
    name: place === 0 ? 'app' : `app-${place}`,
    image,
    args: ['--listen', '0.0.0.0:8080', '--log-format', 'json'],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: Array.from({ length: 12 }, (_, index) => ({ name: `SETTING_${index}`, value: `the value of setting ${index}` })),
    resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http', scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
    volumeMounts: [{ name: 'kube-api-access-x2x4q', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
  }));
  const managed = { 'f:metadata': { 'f:generateName': {}, 'f:labels': Object.fromEntries(Object.keys(labels).map((key) => [`f:${key}`, {}])) } };
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      generateName: 'checkout-6d4cf56db6-',
      namespace: 'shop',
      creationTimestamp: null,
      labels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'checkout-6d4cf56db6', uid: 'a4d8ea2b-2d24-4c2c-8c70-6a4bd3a2f9a1', controller: true, blockOwnerDeletion: true }],
      managedFields: [{ manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', time: '2026-01-01T00:00:00Z', fieldsType: 'FieldsV1', fieldsV1: managed }],
    },
    spec: {
      volumes: [{ name: 'kube-api-access-x2x4q', projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }], defaultMode: 420 } }],
      containers,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'checkout',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })),
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {},
  };
}

function reviewOfPod(pod: BenchPod): Buffer {
  const kind = { group: '', version: 'v1', kind: 'Pod' };
  const resource = { group: '', version: 'v1', resource: 'pods' };
  return Buffer.from(JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'bench', kind, resource, requestKind: kind, requestResource: resource, namespace: 'shop', operation: 'CREATE',
      userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: ['system:serviceaccounts', 'system:authenticated'] },
      object: pod, oldObject: null, dryRun: false, options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  }));
}
