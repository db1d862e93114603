using System.Text;
using Osprey.Git;
using Osprey.Tests.Symbols.Oracle;

namespace Osprey.Tests.Git.Oracle;

/// <summary>Compares repositories that git makes in many ways with what git says of them.</summary>
public sealed class MadeRepositoryTests : IDisposable
{
    private const int Commits = 40;

    private static readonly string[] s_person = ["-c", "user.name=a", "-c", "user.email=a@example.com"];

    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-oracle-").FullName;

    private int _commits;

    private string Repository => Path.Combine(_folder, "repo");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolTheory("git")]
    [InlineData("sha1", "")]
    [InlineData("sha256", "")]
    [InlineData("sha1", "repack -adfq --depth=250 --window=50")]
    [InlineData("sha256", "repack -adfq --depth=250 --window=50")]
    [InlineData("sha1", "-c repack.useDeltaBaseOffset=false repack -adfq")]
    [InlineData("sha1", "-c pack.indexVersion=1 repack -adfq")]
    [InlineData("sha1", "-c pack.packSizeLimit=1m repack -adfq")]
    [InlineData("sha1", "repack -dq;commit;repack -dq;multi-pack-index write;commit")]
    [InlineData("sha256", "repack -dq;commit;repack -dq;multi-pack-index write;commit")]
    [InlineData("sha1", "pack-refs --all;gc -q;commit")]
    public void Objects_AreThoseOfGit(string format, string steps)
    {
        Create(format);
        foreach (string step in steps.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "commit")
                Commit(1);
            else
                Git(step.Split(' '));
        }

        Assert.InRange(GitOracle.CompareAll(Repository), 3 * Commits, 10 * Commits);
        CompareNames(Repository);
    }

    [ToolFact("git")]
    public void Objects_WithLongOffsets_AreThoseOfGit()
    {
        Create("sha1");
        Git("repack", "-adfq");
        string pack = Assert.Single(Directory.GetFiles(Path.Combine(Repository, ".git/objects/pack"), "*.pack"));
        string index = Path.ChangeExtension(pack, ".idx");
        File.Delete(index);
        Git("index-pack", "--index-version=2,0x40", "-o", index, pack);
        GitOracle.CompareAll(Repository);
    }

    [ToolFact("git")]
    public void Objects_OfWorktreesAndClonesThatBorrow_AreThoseOfGit()
    {
        Create("sha1");
        Git("worktree", "add", "-q", "../work", "HEAD~3");
        string work = Path.Combine(_folder, "work");
        Git("clone", "-q", "--shared", ".", "../borrower");
        Git("clone", "-q", "--shared", "--bare", "../borrower", "../second");
        foreach (string path in new[] { work, Path.Combine(_folder, "borrower"), Path.Combine(_folder, "second") })
            GitOracle.CompareAll(path);

        CompareNames(work);
        using var repository = GitRepository.Open(work);
        Assert.Equal(Git("rev-parse", "main~3").Trim(), repository.Resolve("HEAD").Id.ToString());
    }

    private static void CompareNames(string path)
    {
        string[] names =
        [
            "HEAD",
            "main",
            "v1.0",
            "v1.0^{}",
            "v1.0^{tree}",
            "light",
            "HEAD~7",
            "HEAD^^",
            "v1.0:src",
            "HEAD:src/file.c",
            Tools.Run("git", ["-C", path, "describe"]).Trim(),
            Tools.Run("git", ["-C", path, "rev-parse", "--short", "HEAD"]).Trim(),
        ];
        using var repository = GitRepository.Open(path);
        Assert.Equal(
            Tools.Run("git", ["-C", path, "rev-parse", .. names]),
            string.Concat(names.Select(name => $"{repository.Resolve(name).Id}\n"))
        );
    }

    private void Create(string format)
    {
        Tools.Run("git", ["init", "-q", "-b", "main", $"--object-format={format}", Repository]);
        Commit(Commits);
        Git([.. s_person, "tag", "-a", "-m", "a tag", "v1.0", "HEAD~5"]);
        Git("tag", "light", "HEAD~2");
    }

    /// <summary>Adds commits that each change some lines of a file, all with one start of git.</summary>
    private void Commit(int count)
    {
        var stream = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            int number = _commits++;
            string message = $"commit {number}\n";
            stream.Append($"commit refs/heads/main\ncommitter a <a@example.com> {1_700_000_000 + number} +0000\n");
            stream.Append($"data {message.Length}\n{message}");
            if (i == 0 && number > 0)
                stream.Append("from refs/heads/main^0\n");

            string text = string.Concat(
                Enumerable.Range(0, 300).Select(line => $"line {line} {(line % 40 == number % 40 ? number : 0)}\n")
            );
            stream.Append($"M 100644 inline src/file.c\ndata {text.Length}\n{text}\n");
        }

        // Without the limit, many commits would come as a pack.
        string[] import = ["-c", "fastimport.unpackLimit=100000", "fast-import", "--quiet"];
        Tools.Run("git", ["-C", Repository, .. import], stream.ToString());
    }

    private string Git(params string[] arguments) => Tools.Run("git", ["-C", Repository, .. arguments]);
}
