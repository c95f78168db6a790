import { fieldsOf } from '../fields';
import { Rule } from '../rule';
import { show } from '../show';

/** What the API server and its garbage collector write, or read before they delete. */
const ENDS = ['deletionGracePeriodSeconds', 'deletionTimestamp', 'ownerReferences'];

export const objectLifetime: Rule = {
  code: 'OBJECT_LIFETIME',
  title: 'An object of the verifier is deleted with something else',
  why: 'Kubernetes deletes what belongs to an object that is not there, or no longer, soon after it was applied: nothing is left of it but the review.',
  remedy: 'Remove the field; who applies the objects together deletes them together.',
  check: ({ objects }) => objects.filter(({ own }) => own).flatMap(({ id, content }) => ENDS
    .filter((field) => (fieldsOf(content.metadata)[field] ?? null) !== null)
    .map((field) => ({ object: id, path: `metadata.${field}`, message: `It is ${show(fieldsOf(content.metadata)[field])}.` }))),
};
