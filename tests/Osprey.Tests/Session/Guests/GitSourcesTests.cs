using System.Diagnostics;
using Osprey.Session.Guests.Sources;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Session.Guests;

public sealed class GitSourcesTests : IDisposable
{
    private readonly string _repository = Directory.CreateTempSubdirectory("osprey-git").FullName;

    public GitSourcesTests()
    {
        Git("init", "-q");
        Directory.CreateDirectory(Path.Combine(_repository, "core"));
        File.WriteAllText(Path.Combine(_repository, "core", "sched.cc"), "old 1\nold 2\n");
        Git("add", ".");
        Git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "first");
        Git("tag", "v1.0");
        File.WriteAllText(Path.Combine(_repository, "core", "sched.cc"), "new 1\n");
        Git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-a", "-m", "second");
        File.WriteAllText(Path.Combine(_repository, "core", "sched.cc"), "not committed\n");
    }

    public void Dispose() => Directory.Delete(_repository, recursive: true);

    [ToolFact("git")]
    public void Find_PathOfTheBuildMachine_TextOfThatCommit()
    {
        string first = Git("rev-parse", "v1.0").Trim();
        GitSources sources = GitSources.Open(_repository, $"v1.0-5-g{first[..8]}");

        SourceText? text = sources.Find("/home/builder/osv/core/sched.cc");

        Assert.Equal(first, sources.Commit);
        Assert.Equal($"{first[..12]}:core/sched.cc", text?.Origin);
        Assert.Equal(["old 1", "old 2"], text?.Lines);
    }

    [ToolTheory("git")]
    [InlineData("v1.0", "old 1")]
    [InlineData("HEAD", "new 1")]
    [InlineData("HEAD~1", "old 1")]
    public void Open_TagOrRevision_ThatCommit(string version, string line) =>
        Assert.Equal(line, GitSources.Open(_repository, version).Find("core/sched.cc")?.Lines[0]);

    [ToolFact("git")]
    public void Find_PathOfManyFolders_LongestEndThatIsAFile()
    {
        Directory.CreateDirectory(Path.Combine(_repository, "a", "core"));
        File.WriteAllText(Path.Combine(_repository, "a", "core", "sched.cc"), "longer\n");
        Git("add", ".");
        Git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "third");
        GitSources sources = GitSources.Open(_repository, "HEAD");
        string folders = string.Concat(Enumerable.Repeat("/x", 500_000));

        Assert.Equal(
            ["longer", "longer", "not committed", null],
            new[]
            {
                "a/core/sched.cc",
                $"{folders}//a//core/sched.cc",
                $"{folders}/core/sched.cc",
                $"{folders}/sched.cc",
            }.Select(path => sources.Find(path)?.Lines[0])
        );
    }

    [ToolFact("git")]
    public void Find_FileThatTheCommitHasNot_Null() =>
        Assert.Null(GitSources.Open(_repository, "HEAD").Find("/usr/include/stdio.h"));

    [ToolTheory("git")]
    [InlineData(
        "v9.9-1-g0123456789",
        "there is no commit 0123456789 (of the guest's version v9.9-1-g0123456789) in this repository"
    )]
    [InlineData("", "'' names no commit")]
    [InlineData("--help", "'--help' names no commit")]
    public void Open_NoSuchCommit_Explained(string version, string message) =>
        Assert.EndsWith(
            message,
            Assert.Throws<SourcesException>(() => GitSources.Open(_repository, version)).Message,
            StringComparison.Ordinal
        );

    [ToolFact("git")]
    public void Open_NoRepository_Explained()
    {
        string folder = Directory.CreateTempSubdirectory("osprey-nogit").FullName;
        Assert.Equal(
            $"{folder}: not a git repository",
            Assert.Throws<SourcesException>(() => GitSources.Open(folder, "HEAD")).Message
        );
    }

    [ToolFact("git")]
    public void Open_NoSuchFolder_Explained() =>
        Assert.Equal(
            $"{_repository}/none: there is no such folder",
            Assert.Throws<SourcesException>(() => GitSources.Open($"{_repository}/none", "HEAD")).Message
        );

    private string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", _repository, .. arguments]) { RedirectStandardOutput = true };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
