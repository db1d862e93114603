using Osprey.Git;
using Osprey.Git.Objects;
using Osprey.Tests.Builders.Git;

namespace Osprey.Tests.Git.References;

/// <summary>Tests how repositories are found, and what is said of those that can't be read.</summary>
public sealed class RepositoryFolderTests : IDisposable
{
    private readonly RepositoryBuilder _builder = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-work-").FullName;
    private readonly ObjectId _blob;

    public RepositoryFolderTests() => _blob = _builder.AddBlob("text\n");

    public void Dispose()
    {
        _builder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Open_FileThatNamesTheFolder_IsFollowed()
    {
        File.WriteAllText(Path.Combine(_folder, ".git"), $"gitdir: {Path.GetRelativePath(_folder, _builder.Folder)}\n");
        string inner = Directory.CreateDirectory(Path.Combine(_folder, "a", "b")).FullName;
        AssertHasTheBlob(_folder);
        AssertHasTheBlob(inner);
        AssertHasTheBlob(Path.Combine(_folder, ".git"));
    }

    [Fact]
    public void Open_Worktree_HasItsOwnHead()
    {
        ObjectId tree = _builder.AddTree(("100644", "a", _blob));
        ObjectId first = _builder.AddCommit(tree, "first");
        ObjectId second = _builder.AddCommit(tree, "second", first);
        _builder.WriteFile("refs/heads/main", $"{first}\n");
        _builder.WriteFile("refs/heads/other", $"{second}\n");
        _builder.WriteFile("worktrees/w/HEAD", "ref: refs/heads/other\n");
        _builder.WriteFile("worktrees/w/commondir", "../..\n");
        _builder.WriteFile("worktrees/w/refs/bisect/bad", $"{first}\n");
        File.WriteAllText(Path.Combine(_folder, ".git"), $"gitdir: {_builder.PathOf("worktrees/w")}\n");
        using var repository = GitRepository.Open(_folder);
        Assert.Equal(
            [second, first, first],
            new[] { "HEAD", "main", "bisect/bad" }.Select(name => repository.Resolve(name).Id)
        );
    }

    [Fact]
    public void Open_Alternates_AreReadOnceEach()
    {
        using var borrower = new RepositoryBuilder();
        borrower.WriteFile("objects/info/alternates", $"# a comment\n\"{_builder.PathOf("objects")}\"\n/nowhere/x\n");
        _builder.WriteFile(
            "objects/info/alternates",
            Path.GetRelativePath(_builder.PathOf("objects"), borrower.PathOf("objects"))
        );
        using var repository = GitRepository.Open(borrower.Folder);
        Assert.Equal(_blob, repository.ReadObject(_blob).Id);
        Assert.Equal(_builder.PathOf("objects"), repository.Explain(_blob)!.Folder);
        Assert.Equal(
            $"{borrower.PathOf("objects/info/alternates")}: there is no folder /nowhere/x, "
                + "which objects are borrowed from",
            Assert.Single(repository.Defects)
        );
    }

    [Fact]
    public void Open_AlternatesNestedDeeply_AreBounded()
    {
        _builder.WriteFile("objects/info/alternates", "../d/1\n");
        for (int i = 1; i < 9; i++)
            _builder.WriteFile($"d/{i}/info/alternates", $"../{i + 1}\n");

        Directory.CreateDirectory(_builder.PathOf("d/9"));
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.EndsWith("alternates nested more than 5 deep are not read", Assert.Single(repository.Defects));
    }

    [Theory]
    [InlineData("[core]\n\trepositoryformatversion = 2\n", "version 2 of the repository format is neither 0 nor 1")]
    [InlineData(
        "[core]\nrepositoryformatversion=1\n[Extensions] objectFormat = \"md5\" ; no\n",
        "the object format 'md5' is neither sha1 nor sha256"
    )]
    public void Open_FormatThatIsNotKnown_IsSaid(string config, string problem)
    {
        _builder.WriteFile("config", config);
        GitException exception = Assert.Throws<GitException>(() => GitRepository.Open(_builder.Folder));
        Assert.Equal(
            (GitProblem.Unsupported, $"{_builder.PathOf("config")}: {problem}"),
            (exception.Problem, exception.Message)
        );
    }

    [Fact]
    public void Resolve_WithAReftable_IsSaidUnlessTheNameIsWhole()
    {
        _builder.WriteFile("config", "[core]\nrepositoryformatversion = 1\n[extensions]\nrefStorage = reftable\n");
        using var repository = GitRepository.Open(_builder.Folder);
        Assert.Equal(_blob, repository.Resolve(_blob.ToString()).Id);
        Assert.Equal(
            $"{_builder.Folder}: there is no reference or object 'HEAD'; its references are in a reftable, "
                + "which is not supported: give the name of a commit",
            Assert.Throws<GitException>(() => repository.Resolve("HEAD")).Message
        );
    }

    [Fact]
    public void Open_NoRepository_IsSaid()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Equal($"{_folder}: not a git repository", Problem(_folder));
        Assert.Equal($"{file}: a file, not a folder", Problem(file));
        Assert.Equal($"{_folder}/none: there is no such folder", Problem(_folder + "/none"));
        File.WriteAllText(Path.Combine(_folder, ".git"), "gitdir: nowhere\n");
        Assert.Equal(
            $"{_folder}/.git: {_folder}/nowhere, which it names, is no repository",
            Problem(Path.Combine(_folder, ".git"))
        );

        static string Problem(string path) => Assert.Throws<GitException>(() => GitRepository.Open(path)).Message;
    }

    private void AssertHasTheBlob(string path)
    {
        using var repository = GitRepository.Open(path);
        Assert.Equal("text\n"u8, repository.ReadObject(_blob).Data.Span);
    }
}
