using System.ComponentModel;
using System.Diagnostics;

namespace Osprey.Session.Packets;

/// <summary>Finds and starts the tcpdump program.</summary>
internal static class TcpdumpProgram
{
    /// <summary>The name of the program.</summary>
    public const string DefaultName = "tcpdump";

    /// <summary>Tells whether there is such a program.</summary>
    /// <param name="program">A path, or a name to look for in the directories of <c>PATH</c>.</param>
    public static bool IsPresent(string program = DefaultName) => Find(program) is not null;

    /// <summary>Starts it with its input and output redirected.</summary>
    /// <exception cref="TcpdumpException">There is no such program, or it can't be started.</exception>
    internal static Process Start(string program, bool mergeErrors, params string[] arguments)
    {
        string path = Find(program) ?? throw new TcpdumpException($"{program}: no such program");
        ProcessStartInfo start = new()
        {
            FileName = mergeErrors ? "/bin/sh" : path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = !mergeErrors,
            UseShellExecute = false,
        };
        if (mergeErrors)
        {
            // Only one pipe for both outputs keeps their order, and only a shell makes one.
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add("exec \"$0\" \"$@\" 2>&1");
            start.ArgumentList.Add(path);
        }

        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        try
        {
            return Process.Start(start) ?? throw new TcpdumpException($"{program}: can't be started");
        }
        catch (Win32Exception problem)
        {
            throw new TcpdumpException($"{program}: can't be started: {problem.Message}", problem);
        }
    }

    private static string? Find(string program)
    {
        if (program.Contains('/'))
            return File.Exists(program) ? program : null;

        string[] directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        return directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
    }
}
