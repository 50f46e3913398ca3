package io.driftless.target.session;

import io.driftless.protocol.message.PassMessage.Problem;
import io.driftless.protocol.message.PassMessage.Problems;
import io.driftless.protocol.message.VolumeMessage.OwnerKind;
import io.driftless.protocol.tree.Escaped;
import io.driftless.protocol.tree.TreePath;
import java.util.List;

/** A name of the source that this host doesn't know: its number is kept instead. */
final class UnknownOwner {
  private UnknownOwner() {}

  static Problems problem(OwnerKind kind, String name) {
    String what = kind == OwnerKind.USER ? "user" : "group";
    String detail =
        "%s %s is not known on the target; its number is kept"
            .formatted(what, Escaped.display(name));
    return new Problems(List.of(new Problem(TreePath.ROOT, "owner-unknown", detail)));
  }
}
