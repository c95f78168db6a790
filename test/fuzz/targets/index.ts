import { Target } from '../fuzz';
import { bundle } from './bundle';
import { certificate } from './certificate';
import { evidence } from './evidence';
import { json } from './json';
import { manifest } from './manifest';
import { reference } from './reference';
import { review } from './review';
import { statement } from './statement';

export const TARGETS: readonly Target[] = [reference, json, review, manifest, bundle, certificate, statement, evidence];
