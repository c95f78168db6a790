import { requirePeers } from './peers';

// Imported before anything that loads a peer.
requirePeers(require);
