using Osprey.Git.Objects;
using Osprey.Tests.Builders.Git;
using Osprey.Tests.Git.Packs;
using Osprey.Tests.Packets;

namespace Osprey.Tests.Cli.Git;

/// <summary>Tests <c>osprey git show</c>.</summary>
public sealed class GitShowCommandTests : IDisposable
{
    private readonly RepositoryBuilder _builder = new();
    private readonly PackBuilder _pack = PackFixture.Create(ObjectFormat.Sha1);

    public GitShowCommandTests()
    {
        ObjectId file = _builder.AddBlob("int main(void) { return 0; }\n");
        ObjectId folder = _builder.AddTree(("100755", "a \"tab\t\\.c", file), ("100644", "é", file));
        ObjectId tree = _builder.AddTree(
            ("120000", "link", file),
            ("160000", "module", ObjectFormat.Sha1.ComputeId(GitObjectType.Commit, "elsewhere"u8)),
            ("100644", "main.c", file),
            ("100644", "packed", _pack.Entries[5].Id),
            ("40000", "src", folder)
        );
        ObjectId commit = _builder.AddCommit(tree, "first");
        _builder.WriteFile("refs/heads/main", $"{commit}\n");
        _builder.WriteFile("packed-refs", $"{_builder.AddTag(commit, GitObjectType.Commit, "v1.0")} refs/tags/v1.0\n");
        _builder.AddPack("pack-1", _pack);
    }

    public void Dispose() => _builder.Dispose();

    [Fact]
    public void Show_ObjectsOfAllTypes_AreAsGitPrintsThem() =>
        GoldenFile.Verify(string.Concat(new[] { "v1.0", "HEAD", "HEAD:", "HEAD:src", "HEAD:main.c" }.Select(Show)));

    [Fact]
    public void Show_Explained_ReferencesAndFiles() => GoldenFile.Verify(Show("v1.0:main.c", "--explain"));

    [Fact]
    public void Show_Explained_IndexAndDeltas() => GoldenFile.Verify(Show("HEAD:packed", "--explain"));

    [Fact]
    public void Show_Json_HasTheSame() =>
        GoldenFile.Verify(
            Show("HEAD:src", "--json")
                + Show("HEAD:main.c", "--json", "--explain")
                + Show("HEAD:packed", "--json", "--explain")
        );

    [Fact]
    public void Show_BytesThatAreNoText_AreWrittenAsTheyAre()
    {
        byte[] data = [0, 0xff, 0x1b, (byte)'\n', 0x80];
        CommandRun run = CommandRun.Of(
            "git",
            "show",
            _builder.Folder,
            _builder.Add(GitObjectType.Blob, data).ToString()
        );
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        Assert.Equal(data, run.Output);
    }

    [Theory]
    [InlineData("nothing", "REPO: there is no reference or object 'nothing'")]
    [InlineData("HEAD:none", "there is no 'none' in HEAD")]
    [InlineData(
        "HEAD:module",
        "HEAD:module is commit 8c9f2c1492d4dd2f62e2bb73f658a67a0fbf31bf of a submodule, "
            + "which is in a repository of its own"
    )]
    public void Show_WhatIsNotThere_IsSaid(string expression, string message)
    {
        CommandRun run = CommandRun.Of("git", "show", _builder.Folder, expression);
        Assert.Equal(
            (1, "", $"osprey: {message}\n"),
            (run.ExitCode, run.Text, run.Messages.Replace(_builder.Folder, "REPO"))
        );
    }

    [Fact]
    public void Show_WithADamagedIndexBesides_ShowsTheObjectAndWarns()
    {
        _builder.WriteFile("objects/pack/pack-0.idx", "no index");
        CommandRun run = CommandRun.Of("git", "show", _builder.Folder, "HEAD:main.c");
        Assert.Equal(
            (
                0,
                "int main(void) { return 0; }\n",
                "osprey: warning: REPO/objects/pack/pack-0.idx+0x0: expected 1024 bytes, have 8; "
                    + "this pack is not read\n"
            ),
            (run.ExitCode, run.Text, run.Messages.Replace(_builder.Folder, "REPO"))
        );
    }

    private string Show(string expression, params string[] options)
    {
        CommandRun run = CommandRun.Of(["git", "show", _builder.Folder, expression, .. options]);
        Assert.Equal((0, ""), (run.ExitCode, run.Messages));
        return $"$ osprey git show REPO {string.Join(' ', [expression, .. options])}\n"
            + run.Text.Replace(_builder.Folder, "REPO", StringComparison.Ordinal);
    }

    private string Show(string expression) => Show(expression, []);
}
