using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Osprey.Session.Guests.Sources;

/// <summary>
/// Source files out of a git repository at the commit that a guest was built from, without a checkout. Git itself is
/// asked, so that packs, alternates, worktrees and bare repositories all work.
/// </summary>
public sealed partial class GitSources
{
    private readonly string _repository;
    private readonly Lazy<string[]> _paths;
    private readonly Lazy<int> _longestPath;

    private GitSources(string repository, string commit)
    {
        _repository = repository;
        Commit = commit;
        _paths = new Lazy<string[]>(ListPaths);
        _longestPath = new Lazy<int>(() => _paths.Value.Select(path => path.Length).DefaultIfEmpty().Max());
    }

    /// <summary>The commit's whole name.</summary>
    public string Commit { get; }

    /// <summary>
    /// Opens a repository at the commit that a version names, as <c>git describe</c> writes it, or at a tag or other
    /// revision.
    /// </summary>
    /// <param name="repository">The repository's folder, with or without a work tree.</param>
    /// <param name="version">Such as "v0.57.0-398-g0e34e4dc".</param>
    /// <exception cref="SourcesException">
    /// Git is missing, the folder is no repository, or the commit is not in it.
    /// </exception>
    public static GitSources Open(string repository, string version)
    {
        // "-398-g0e34e4dc" counts for more than a tag of that name, and "-dirty" says that the commit is not all of it.
        Match described = DescribedCommit().Match(version);
        string revision = described.Success ? described.Groups[1].Value : version;
        if (revision.Length == 0 || revision.StartsWith('-'))
            throw new SourcesException(SourcesProblem.NoCommitNamed, $"'{version}' names no commit", repository);

        if (!Directory.Exists(repository))
            throw new SourcesException(
                SourcesProblem.Other,
                $"{repository}: {(File.Exists(repository) ? "a file, not a folder" : "there is no such folder")}",
                repository
            );

        string? commit = Run(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
            ?.Trim();
        if (string.IsNullOrEmpty(commit))
            throw new SourcesException(
                SourcesProblem.NoSuchCommit,
                $"{repository}: there is no commit {revision} (of the guest's version {version}) in this repository",
                repository
            );

        return new GitSources(repository, commit);
    }

    /// <summary>
    /// The file that a path of the build machine means: the longest end of the path that is one in the commit.
    /// </summary>
    /// <returns>Null when no end of it is.</returns>
    public SourceText? Find(string path)
    {
        string clean = string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));
        int start = 0;
        do
        {
            // However long a path is that debug info has: only ends that may be a path of the commit are taken out of
            // it.
            if (clean.Length - start <= _longestPath.Value && Read(clean[start..]) is { } text)
                return text;

            start = clean.IndexOf('/', start) + 1;
        } while (start > 0);

        return null;
    }

    /// <summary>A file of the commit; null when it has none of that path.</summary>
    private SourceText? Read(string path) =>
        Array.BinarySearch(_paths.Value, path, StringComparer.Ordinal) >= 0
        && Run(_repository, "cat-file", "blob", $"{Commit}:{path}") is { } text
            ? new SourceText($"{Commit[..12]}:{path}", text.TrimEnd('\n').Split('\n'))
            : null;

    private string[] ListPaths()
    {
        string[] paths =
            Run(_repository, "ls-tree", "-r", "-z", "--name-only", Commit)
                ?.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            ?? [];
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }

    /// <summary>Runs git in the repository.</summary>
    /// <returns>The text that it printed; null when it failed.</returns>
    private static string? Run(string repository, params string[] arguments)
    {
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("-C");
        start.ArgumentList.Add(repository);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        try
        {
            using Process git = Process.Start(start)!;
            Task<string> errors = git.StandardError.ReadToEndAsync();
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            if (git.ExitCode == 128 && errors.Result.Contains("not a git repository", StringComparison.Ordinal))
                throw new SourcesException(SourcesProblem.Other, $"{repository}: not a git repository", repository);

            if (git.ExitCode == 128 && errors.Result.Contains("dubious ownership", StringComparison.Ordinal))
                throw new SourcesException(
                    SourcesProblem.NotTrusted,
                    $"{repository}: git does not trust a repository of another user",
                    repository
                );

            return git.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception exception)
        {
            throw new SourcesException(
                SourcesProblem.Other,
                "git is not installed, or not on the PATH",
                repository,
                exception
            );
        }
    }

    [GeneratedRegex(@"-g([0-9a-f]{7,40})(?:-dirty)?$")]
    private static partial Regex DescribedCommit();
}
