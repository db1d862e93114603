using System.Diagnostics;
using System.Text;
using Osprey.Git;
using Osprey.Git.Objects;

namespace Osprey.Tests.Git.Oracle;

/// <summary>Compares what we read of a repository with what git does.</summary>
internal static class GitOracle
{
    /// <summary>Compares every object of a repository, its type and bytes.</summary>
    /// <returns>The number of objects.</returns>
    public static int CompareAll(string path, GitLimits? limits = null)
    {
        // In the order of packs, so that both sides find bases in their caches.
        string[] arguments = ["-C", path, "cat-file", "--batch-all-objects", "--batch", "--unordered"];
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true };
        using Process git = Process.Start(start)!;
        using var repository = GitRepository.Open(path, limits);
        using var stream = new BufferedStream(git.StandardOutput.BaseStream, 1 << 20);
        int count = 0;
        while (ReadLine(stream) is { } line)
        {
            string[] words = line.Split(' ');
            byte[] data = new byte[int.Parse(words[2])];
            stream.ReadExactly(data);
            Assert.Equal('\n', stream.ReadByte());
            Assert.True(ObjectId.TryParse(words[0], repository.Format, out ObjectId id));
            GitObject item = repository.ReadObject(id);
            Assert.Equal((line, words[1]), (line, GitObjectTypes.GetName(item.Type)));
            Assert.True(item.Data.Span.SequenceEqual(data), line);
            count++;
        }

        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        Assert.Empty(repository.Defects);
        return count;
    }

    private static string? ReadLine(BufferedStream stream)
    {
        var line = new StringBuilder();
        for (int next = stream.ReadByte(); next != '\n'; next = stream.ReadByte())
        {
            if (next < 0)
                return line.Length == 0 ? null : throw new EndOfStreamException();

            line.Append((char)next);
        }

        return line.ToString();
    }
}
