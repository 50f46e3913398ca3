package io.driftless.target.agent;

import io.driftless.protocol.tree.TreePath;
import io.driftless.target.session.PoisonStore;
import io.driftless.target.state.VolumeLedger;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Poisoned entries of one volume, in the ledger. Thread-safe. */
record LedgerPoison(VolumeLedger ledger, String volume) implements PoisonStore {
  @Override
  public Set<TreePath> poisoned() throws IOException {
    return ledger.poisoned(volume);
  }

  @Override
  public void poison(List<TreePath> entries) throws IOException {
    ledger.poison(volume, entries);
  }

  @Override
  public void healed(List<TreePath> entries) throws IOException {
    ledger.healed(volume, entries);
  }

  @Override
  public Set<TreePath> unproven() throws IOException {
    return ledger.unproven(volume);
  }

  @Override
  public void doubt(List<TreePath> directories) throws IOException {
    ledger.doubt(volume, directories);
  }

  @Override
  public void proven() throws IOException {
    ledger.proven(volume);
  }
}
