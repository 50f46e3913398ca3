package io.driftless.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class OldClassesTest {
  @TempDir Path scratch;
  private Path jar;

  @BeforeEach
  void copyJar() throws IOException, URISyntaxException {
    URL picocli = CommandLine.class.getProtectionDomain().getCodeSource().getLocation();
    jar = Files.copy(Path.of(picocli.toURI()), scratch.resolve("picocli.jar"));
  }

  @Test
  void no_class_is_old_afterwards_and_nothing_else_is_another() throws IOException {
    List<String> before = names();

    OldClasses.main(new String[] {jar.toString()});

    assertThat(names()).isEqualTo(before);
    assertThat(versions()).isNotEmpty().allMatch(version -> version >= ClassFile.JAVA_6_VERSION);
    assertThat(scratch.toFile().list()).containsExactly("picocli.jar");
  }

  @Test
  void every_class_passes_the_verifier() throws IOException, ReflectiveOperationException {
    OldClasses.renew(jar);

    try (var loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      for (String name : names()) {
        if (name.startsWith("picocli/CommandLine") && name.endsWith(".class")) {
          String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
          assertThat(Class.forName(type, true, loader).getClassLoader()).isSameAs(loader);
        }
      }
    }
  }

  private List<String> names() throws IOException {
    try (var open = new JarFile(jar.toFile())) {
      return open.stream().map(JarEntry::getName).toList();
    }
  }

  private List<Integer> versions() throws IOException {
    var versions = new ArrayList<Integer>();
    try (var open = new JarFile(jar.toFile())) {
      for (JarEntry entry :
          open.stream().filter(each -> each.getName().endsWith(".class")).toList()) {
        try (InputStream in = open.getInputStream(entry)) {
          versions.add(ClassFile.of().parse(in.readAllBytes()).majorVersion());
        }
      }
    }
    return versions;
  }
}
