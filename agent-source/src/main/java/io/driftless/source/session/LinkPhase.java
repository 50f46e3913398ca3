package io.driftless.source.session;

import io.driftless.protocol.message.LinkMessage.EndOfLinks;
import io.driftless.protocol.message.LinkMessage.LinkGroup;
import io.driftless.protocol.tree.TreePath;
import io.driftless.protocol.wire.Conversation;
import io.driftless.source.scan.LinkTable;
import io.driftless.source.send.Window;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Tells the target which names lead to one inode. Confined to one thread. */
final class LinkPhase {
  /** Paths of one message; a longer group goes in several. */
  private static final int BYTES_MAX = 128 * 1024;

  private final Conversation conversation;
  private final Window window;
  private long groups;

  LinkPhase(Conversation conversation, Window window) {
    this.conversation = conversation;
    this.window = window;
  }

  /**
   * Sends groups.
   *
   * @param lastWord run before the last message goes out, after which the target may end the pass
   */
  void run(LinkTable links, LinkTable.Selection selection, Runnable lastWord)
      throws IOException, InterruptedException {
    links.forEach(selection, LinkGroup.OTHERS_MAX, this::send);
    lastWord.run();
    conversation.send(new EndOfLinks(groups));
  }

  private void send(TreePath first, List<TreePath> others) throws InterruptedException {
    var part = new ArrayList<TreePath>();
    int bytes = 0;
    for (TreePath other : others) {
      if (bytes + other.length() > BYTES_MAX && !part.isEmpty()) {
        sendPart(first, part);
        part.clear();
        bytes = 0;
      }
      part.add(other);
      bytes += other.length();
    }
    sendPart(first, part);
  }

  private void sendPart(TreePath first, List<TreePath> part) throws InterruptedException {
    window.take(1);
    conversation.send(new LinkGroup(++groups, first, List.copyOf(part)));
  }
}
