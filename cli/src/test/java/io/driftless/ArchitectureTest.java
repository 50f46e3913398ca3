package io.driftless;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.lang.foreign.Linker;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The module graph and the house rules, as far as a machine can hold them. */
final class ArchitectureTest {
  private static final String PROTOCOL = "io.driftless.protocol..";
  private static final String SOURCE = "io.driftless.source..";
  private static final String TARGET = "io.driftless.target..";
  private static final String CLI = "io.driftless.cli..";
  private static final String PERF = "io.driftless.perf..";

  /**
   * Packages whose subject is a volume: whatever they open lies in a tree that others may alter.
   */
  private static final String[] ON_VOLUMES = {
    "io.driftless.source.scan..",
    "io.driftless.source.read..",
    "io.driftless.source.watch..",
    "io.driftless.target.compare..",
    "io.driftless.target.stage..",
    "io.driftless.target.commit..",
  };

  /** Types that change. All of java.util.concurrent.atomic belongs with them. */
  private static final List<Class<?>> MUTABLE_TYPES =
      List.of(
          ArrayDeque.class,
          ArrayList.class,
          BitSet.class,
          ConcurrentMap.class,
          HashMap.class,
          HashSet.class,
          Lock.class,
          StringBuilder.class,
          TreeMap.class,
          TreeSet.class);

  private static final ImportOption NOT_FROM_TEST_JARS =
      location -> !location.contains("-tests.jar");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(NOT_FROM_TEST_JARS)
          .importPackages("io.driftless");

  @Test
  void the_rules_see_every_module() {
    assertThat(MAIN.stream().map(JavaClass::getPackageName))
        .anyMatch(name -> name.startsWith("io.driftless.protocol."))
        .anyMatch(name -> name.startsWith("io.driftless.cli"));
  }

  @Test
  void protocol_depends_on_no_other_module() {
    noClasses()
        .that()
        .resideInAPackage(PROTOCOL)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SOURCE, TARGET, CLI, PERF)
        .because("both agents stand on it")
        .check(MAIN);
  }

  @Test
  void source_agent_sees_neither_the_target_agent_nor_the_command_line() {
    noClasses()
        .that()
        .resideInAPackage(SOURCE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(TARGET, CLI, PERF)
        .because("the two agents meet only in the protocol module")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void target_agent_sees_neither_the_source_agent_nor_the_command_line() {
    noClasses()
        .that()
        .resideInAPackage(TARGET)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(SOURCE, CLI, PERF)
        .because("the two agents meet only in the protocol module")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void packages_form_no_cycle() {
    slices().matching("io.driftless.(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void every_package_is_named_after_a_concept() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..utils..",
            "..common..",
            "..helper..",
            "..helpers..",
            "..impl..",
            "..model..",
            "..dto..",
            "..misc..")
        .because("code with no home is a missing concept: name it")
        .check(MAIN);
  }

  @Test
  void every_package_says_what_it_is_and_declares_null() {
    classes()
        .that(describe("are types", type -> !isPackageInfo(type)))
        .should(liveInADescribedPackage())
        .check(MAIN);
  }

  @Test
  void nothing_static_can_change() {
    fields()
        .that()
        .areStatic()
        .and(areWritten())
        .should()
        .beFinal()
        .andShould(haveAnUnchangingType())
        .because("state belongs to an object that somebody owns")
        .check(MAIN);
  }

  @Test
  void only_the_linux_package_links_native_functions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.driftless.protocol.linux..")
        .should()
        .dependOnClassesThat(areOrNestIn(Linker.class))
        .because("a system call has one typed home")
        .check(MAIN);
  }

  @Test
  void agents_start_no_processes() {
    noClasses()
        .that(resideInAnyPackage(PROTOCOL, SOURCE, TARGET))
        .should()
        .dependOnClassesThat(areOrNestIn(ProcessBuilder.class))
        .orShould()
        .callMethodWhere(
            describe(
                "it is Runtime.exec",
                call ->
                    call.getTargetOwner().isEquivalentTo(Runtime.class)
                        && call.getName().equals("exec")))
        .because("an agent runs as root and shells out to nobody")
        .check(MAIN);
  }

  @Test
  void volumes_are_touched_through_confined_handles_only() {
    noClasses()
        .that()
        .resideInAnyPackage(ON_VOLUMES)
        .should()
        .dependOnClassesThat(arePathBased())
        .orShould()
        .callMethodWhere(
            describe(
                "it opens by path",
                call ->
                    call.getTargetOwner().isEquivalentTo(FileChannel.class)
                        && call.getName().equals("open")))
        .because(
            "java.io and java.nio.file resolve a path again, through whatever links it has by now")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  private static DescribedPredicate<JavaClass> arePathBased() {
    List<Class<?>> types =
        List.of(
            File.class,
            FileInputStream.class,
            FileOutputStream.class,
            FileReader.class,
            FileWriter.class,
            RandomAccessFile.class,
            Files.class);
    return describe(
        "resolve paths on their own", type -> types.stream().anyMatch(type::isEquivalentTo));
  }

  private static DescribedPredicate<JavaClass> areOrNestIn(Class<?> outer) {
    return describe(
        "belong to " + outer.getSimpleName(),
        type ->
            type.getName().equals(outer.getName())
                || type.getName().startsWith(outer.getName() + "$"));
  }

  private static DescribedPredicate<JavaField> areWritten() {
    return describe(
        "are written by a person", field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC));
  }

  private static ArchCondition<JavaField> haveAnUnchangingType() {
    return new ArchCondition<>("have a type that does not change") {
      @Override
      public void check(JavaField field, ConditionEvents events) {
        if (changes(field)) {
          events.add(
              SimpleConditionEvent.violated(
                  field,
                  "%s is a %s, which can change"
                      .formatted(field.getFullName(), field.getRawType().getName())));
        }
      }
    };
  }

  /** A private array is taken for a table; one that others see could be written by any of them. */
  private static boolean changes(JavaField field) {
    JavaClass type = field.getRawType();
    if (type.isArray()) {
      return !field.getModifiers().contains(JavaModifier.PRIVATE);
    }
    return type.getPackageName().equals("java.util.concurrent.atomic")
        || MUTABLE_TYPES.stream().anyMatch(type::isAssignableTo);
  }

  private static boolean isPackageInfo(JavaClass type) {
    return type.getSimpleName().equals("package-info");
  }

  private static ArchCondition<JavaClass> liveInADescribedPackage() {
    return new ArchCondition<>("live in a package with a @NullMarked package-info") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String description = type.getPackageName() + ".package-info";
        if (!MAIN.contain(description)
            || !MAIN.get(description).isAnnotatedWith(NullMarked.class)) {
          events.add(
              SimpleConditionEvent.violated(
                  type, "%s has no @NullMarked package-info".formatted(type.getPackageName())));
        }
      }
    };
  }
}
