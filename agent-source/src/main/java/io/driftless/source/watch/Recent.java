package io.driftless.source.watch;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that keeps as many keys as were used last. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int keysMax;

  Recent(int keysMax) {
    super(16, 0.75f, true);
    this.keysMax = keysMax;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > keysMax;
  }
}
