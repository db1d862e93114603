using Osprey.Binary;
using Osprey.Git;
using Osprey.Git.Objects;
using Osprey.Git.Revisions;
using Osprey.Tests.Builders.Git;

namespace Osprey.Tests.Git.Revisions;

/// <summary>Tests the expressions that name objects.</summary>
public sealed class RevisionTests : IDisposable
{
    private readonly RepositoryBuilder _builder = new();
    private readonly Dictionary<string, ObjectId> _known = [];

    public RevisionTests()
    {
        ObjectId file = _known["file"] = _builder.AddBlob("text\n");
        ObjectId folder = _known["folder"] = _builder.AddTree(("100644", "a.c", file));
        ObjectId tree = _known["tree"] = _builder.AddTree(
            ("120000", "link", file),
            ("160000", "module", ObjectFormat.Sha1.ComputeId(GitObjectType.Commit, "elsewhere"u8)),
            ("40000", "src", folder)
        );
        ObjectId first = _known["first"] = _builder.AddCommit(folder, "first");
        ObjectId side = _known["side"] = _builder.AddCommit(tree, "side", first);
        ObjectId second = _known["second"] = _builder.AddCommit(tree, "second", first);
        ObjectId merge = _known["merge"] = _builder.AddCommit(tree, "merge", second, side);
        ObjectId tag = _known["tag"] = _builder.AddTag(merge, GitObjectType.Commit, "v1.0");
        _known["outer"] = _builder.AddTag(tag, GitObjectType.Tag, "outer");
        _builder.WriteFile("refs/heads/main", $"{merge}\n");
        _builder.WriteFile("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/topic\n");
        _builder.WriteFile(
            "packed-refs",
            $"# pack-refs with: peeled fully-peeled sorted \n{side} refs/heads/main\n{side} refs/remotes/origin/topic\n"
                + $"{tag} refs/tags/v1.0\n^{merge}\n{_known["outer"]} refs/tags/outer\n^{merge}\n"
                + $"{first} refs/tags/v1.0-1-gabcd\n{first} refs/tags/last"
        );
    }

    public void Dispose() => _builder.Dispose();

    [Theory]
    [InlineData("HEAD", "merge")]
    [InlineData("@", "merge")]
    [InlineData("main", "merge")]
    [InlineData("heads/main", "merge")]
    [InlineData("refs/heads/main", "merge")]
    [InlineData("origin", "side")]
    [InlineData("origin/topic", "side")]
    [InlineData("last", "first")]
    [InlineData("v1.0", "tag")]
    [InlineData("v1.0^{}", "merge")]
    [InlineData("outer^{}", "merge")]
    [InlineData("outer^{tag}", "outer")]
    [InlineData("outer^{commit}", "merge")]
    [InlineData("outer^{tree}", "tree")]
    [InlineData("outer^{object}", "outer")]
    [InlineData("outer^0", "merge")]
    [InlineData("HEAD^", "second")]
    [InlineData("HEAD^2", "side")]
    [InlineData("HEAD^2^", "first")]
    [InlineData("HEAD~2", "first")]
    [InlineData("HEAD~0", "merge")]
    [InlineData("HEAD^^{tree}", "tree")]
    [InlineData("v1.0~1", "second")]
    [InlineData("v1.0:", "tree")]
    [InlineData("v1.0:src", "folder")]
    [InlineData("v1.0:src/a.c", "file")]
    [InlineData("HEAD:src//a.c", "file")]
    [InlineData("HEAD~2:a.c", "file")]
    [InlineData("HEAD^{tree}:src/a.c", "file")]
    [InlineData("HEAD:src^{blob}", null)]
    public void Resolve_Expression_TheObject(string expression, string? name)
    {
        using var repository = GitRepository.Open(_builder.Folder);
        if (name is null)
            Assert.Throws<GitException>(() => repository.Resolve(expression));
        else
            Assert.Equal(_known[name], repository.Resolve(expression).Id);
    }

    [Fact]
    public void Resolve_NamesAndAbbreviations_TheObject()
    {
        using var repository = GitRepository.Open(_builder.Folder);
        string second = _known["second"].ToString();
        foreach (
            string name in new[]
            {
                second,
                second.ToUpperInvariant(),
                second[..7],
                second[..10],
                $"v0.9-75-g{second[..8]}",
            }
        )
            Assert.Equal(_known["second"], repository.Resolve(name).Id);

        Assert.Equal(_known["tree"], repository.Resolve($"x-1-g{second[..8]}-dirty:").Id);
    }

    [Theory]
    [InlineData("", "'': a name is missing")]
    [InlineData("nothing", "REPO: there is no reference or object 'nothing'")]
    [InlineData("abc", "REPO: there is no reference or object 'abc'")]
    [InlineData("../../etc/passwd", "REPO: there is no reference or object '../../etc/passwd'")]
    [InlineData("config", "REPO: there is no reference or object 'config'")]
    [InlineData("HEAD@{1}", "'HEAD@{1}': reflogs (@{...}) are not supported")]
    [InlineData(":src/a.c", "':src/a.c': names in the index and searches by message are not supported")]
    [InlineData("HEAD^{/fix}", "'HEAD^{/fix}': ^{/fix} is not supported")]
    [InlineData("HEAD^{tree", "'HEAD^{tree': a } is missing")]
    [InlineData("HEAD~x", "'HEAD~x': expected ^ or ~ before 'x'")]
    [InlineData("HEAD~99999999999", "'HEAD~99999999999': 99999999999 is out of range")]
    [InlineData("HEAD~999999999", "'~999999999' goes back over the limit of 100000 commits")]
    [InlineData("HEAD^3", "HEAD^3: commit MERGE has 2 parents")]
    [InlineData("HEAD~3", "HEAD~3: commit FIRST has 0 parents")]
    [InlineData("HEAD:src^{tree}", "there is no 'src^{tree}' in HEAD")]
    [InlineData("HEAD:none/a.c", "there is no 'none' in HEAD")]
    [InlineData("HEAD:src/a.c/x", "there is no 'src/a.c/x' in HEAD: src/a.c is no folder")]
    [InlineData("HEAD:./a.c", "'HEAD:./a.c': paths are those of the tree, not relative to a folder")]
    [InlineData("v1.0^{blob}", "v1.0^{blob} is a commit, not a blob")]
    [InlineData("HEAD^{tree}~1", "HEAD^{tree} is a tree, not a commit")]
    public void Resolve_WhatNamesNothing_IsSaid(string expression, string message)
    {
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Equal(
            message
                .Replace("REPO", _builder.Folder)
                .Replace("MERGE", _known["merge"].ToString())
                .Replace("FIRST", _known["first"].ToString()),
            Assert.Throws<GitException>(() => repository.Resolve(expression)).Message
        );
    }

    [Fact]
    public void Resolve_AmbiguousAbbreviation_NamesTheObjectsOrTakesTheOneThatFits()
    {
        // Blobs are added until one shares four digits with the commit, and two of them with one another.
        string digits = _known["merge"].ToString()[..4];
        ObjectId? twin = null;
        for (int i = 0; twin is null; i++)
        {
            byte[] data = BitConverter.GetBytes(i);
            if (
                ObjectFormat
                    .Sha1.ComputeId(GitObjectType.Blob, data)
                    .ToString()
                    .StartsWith(digits, StringComparison.Ordinal)
            )
                twin = _builder.Add(GitObjectType.Blob, data);
        }

        using var repository = GitRepository.Open(_builder.Folder);
        GitException exception = Assert.Throws<GitException>(() => repository.Resolve(digits));
        Assert.Equal(
            (
                GitProblem.Ambiguous,
                $"{_builder.Folder}: {digits} is ambiguous, it may be commit {_known["merge"]}, blob {twin}"
            ),
            (exception.Problem, exception.Message)
        );
        Assert.Equal(_known["merge"], repository.Resolve(digits + "^{commit}").Id);
        Assert.Equal(_known["second"], repository.Resolve(digits + "~1").Id);
        Assert.Equal(_known["file"], repository.Resolve(digits + ":src/a.c").Id);
        Assert.Equal(twin, repository.Resolve(digits + "^{blob}").Id);
        Assert.Equal(_known["merge"], repository.Resolve($"v0-1-g{digits}").Id);
    }

    [Fact]
    public void Resolve_ReferencesThatAreMalformed_IsSaid()
    {
        _builder.WriteFile("refs/heads/loop", "ref: refs/heads/loop\n");
        _builder.WriteFile("refs/heads/bad", "no hash\n");
        _builder.WriteFile("refs/heads/out", "ref: ../../x\n");
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Equal("symbolic references over the limit of 5", Problem("loop"));
        Assert.Equal("expected 'ref: NAME' or 40 hexadecimal digits", Problem("bad"));
        Assert.Equal("'../../x' is no name of a reference", Problem("out"));

        string Problem(string name) => Assert.Throws<BadDataException>(() => repository.Resolve(name)).Problem;
    }

    [Fact]
    public void Resolve_ParentThatIsMissing_NamesIt()
    {
        ObjectId missing = ObjectFormat.Sha1.ComputeId(GitObjectType.Commit, "x"u8);
        ObjectId commit = _builder.AddCommit(_known["tree"], "shallow", missing);
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Equal(
            $"{commit}~1: {missing}, a parent of {commit}, is not in the repository, which may be a shallow clone",
            Assert.Throws<GitException>(() => repository.Resolve($"{commit}~1")).Message
        );
    }

    [Fact]
    public void Resolve_TagsOfTags_AreBounded()
    {
        ObjectId tag = _known["merge"];
        for (int i = 0; i < 101; i++)
            tag = _builder.AddTag(tag, i == 0 ? GitObjectType.Commit : GitObjectType.Tag, $"t{i}");

        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Equal(
            "tags of tags over the limit of 100",
            Assert.Throws<BadDataException>(() => repository.Resolve($"{tag}^{{}}")).Problem
        );
    }

    [Theory]
    [InlineData("v0.57.0-75-gb7150705", "b7150705")]
    [InlineData("v0.57.0-75-gb7150705-dirty", "b7150705")]
    [InlineData("v0.57.0", null)]
    [InlineData("v1-gx", null)]
    [InlineData("-g1234", null)]
    [InlineData("", null)]
    public void DescribedName_FindCommit_TheAbbreviation(string name, string? commit) =>
        Assert.Equal(commit, DescribedName.FindCommit(name));
}
