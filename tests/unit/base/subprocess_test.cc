#include "base/subprocess.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/file.h"
#include "testing/temp_dir.h"

namespace reel::base {
namespace {

Subprocess StartShell(const std::string& script, int descriptor = -1,
                      const std::string& error_path = "") {
  return Subprocess::Start({.arguments = {"/bin/sh", "-c", script},
                            .inherited_descriptor = descriptor,
                            .error_path = error_path})
      .value();
}

TEST(SubprocessTest, TellsHowItsChildEnded) {
  EXPECT_EQ(StartShell("exit 7").Wait().code, 7);
  const Exit killed = StartShell("kill -SEGV $$").Wait();
  EXPECT_EQ(killed.signal, SIGSEGV);
  EXPECT_EQ(Describe(killed), "killed by signal 11 (Segmentation fault)");
}

TEST(SubprocessTest, ProgramThatIsNotThereIsAnError) {
  const auto child = Subprocess::Start({.arguments = {"/no/such/program"}});
  ASSERT_FALSE(child.has_value());
  EXPECT_EQ(child.error().code, Code::kNotFound);
}

TEST(SubprocessTest, StandardErrorGoesToAFile) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/err";
  StartShell("echo last words >&2", -1, path).Wait();
  EXPECT_EQ(ReadTextFile(path).value(), "last words\n");
}

TEST(SubprocessTest, GivesOneDescriptorToItsChild) {
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  StartShell("echo hello >&3", pipe[1]).Wait();
  char text[6] = {};
  EXPECT_EQ(::read(pipe[0], text, 5), 5);
  EXPECT_STREQ(text, "hello");
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST(SubprocessTest, AddsToItsEnvironmentWhatIsNotThere) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/err";
  const std::string ours = ::getenv("PATH");
  auto child = Subprocess::Start(
      {.arguments = {"/bin/sh", "-c", "echo $REEL_TEST_NEW $PATH >&2"},
       .environment = {"REEL_TEST_NEW=here", "PATH=/nowhere"},
       .error_path = path});
  ASSERT_TRUE(child);
  child->Wait();
  EXPECT_EQ(ReadTextFile(path).value(), "here " + ours + "\n");
}

TEST(SubprocessTest, ItsOutputGoesToAFile) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/out";
  auto child = Subprocess::Start(
      {.arguments = {"/bin/sh", "-c", "echo said"}, .output_path = path});
  ASSERT_TRUE(child);
  EXPECT_EQ(child->Wait().code, 0);
  EXPECT_EQ(ReadTextFile(path).value(), "said\n");
}

TEST(SubprocessTest, TerminateLetsItEndInOrder) {
  testing::TempDir dir;
  const std::string path = dir.path() + "/err";
  auto child = StartShell(
      "trap 'echo bye >&2; exit 3' TERM; echo ready >&2; "
      "while :; do sleep 0.01; done",
      -1, path);
  while (ReadTextFile(path).value() != "ready\n") {
    ASSERT_FALSE(child.Poll().has_value());
  }
  child.Terminate();
  EXPECT_EQ(child.Wait().code, 3);
  EXPECT_EQ(ReadTextFile(path).value(), "ready\nbye\n");
}

TEST(SubprocessTest, KillEndsItsChildrenToo) {
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  Subprocess child = StartShell("sleep 600 & echo up >&3; wait", pipe[1]);
  ::close(pipe[1]);
  char text[3] = {};
  ASSERT_EQ(::read(pipe[0], text, 3), 3);
  child.Kill();
  EXPECT_EQ(child.Wait().signal, SIGKILL);
  // The grandchild holds the pipe's other end as long as it lives.
  EXPECT_EQ(::read(pipe[0], text, 3), 0);
  ::close(pipe[0]);
}

TEST(SubprocessTest, DiesWithItsParentHoweverThatDies) {
  int pipe[2];
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    Subprocess child = StartShell("exec sleep 600", pipe[1]);
    ::kill(::getpid(), SIGKILL);
  }
  ::close(pipe[1]);
  ASSERT_EQ(::waitpid(parent, nullptr, 0), parent);
  char byte;
  EXPECT_EQ(::read(pipe[0], &byte, 1), 0) << "its end is closed";
  ::close(pipe[0]);
}

}  // namespace
}  // namespace reel::base
