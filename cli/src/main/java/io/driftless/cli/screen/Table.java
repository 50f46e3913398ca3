package io.driftless.cli.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rows in columns that are as wide as their widest cell. */
final class Table {
  private static final String GAP = "  ";

  private final Set<String> toTheRight;
  private final List<String> heads;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param toTheRight heads of the columns of numbers
   */
  Table(List<String> heads, Set<String> toTheRight) {
    this.heads = heads;
    this.toTheRight = toTheRight;
    rows.add(heads);
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  private String line(List<String> row) {
    var line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      String cell = row.get(column);
      String padding = " ".repeat(width(column) - cell.length());
      boolean right = toTheRight.contains(heads.get(column));
      line.append(column == 0 ? "" : GAP).append(right ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
