'use strict';

// The dates in the examples end some day; their pages must not be wrong on that day.
Date.now = () => Date.parse('2026-12-01T00:00:00Z');
