using System.Globalization;

namespace Osprey.Target.Backends.Processes;

/// <summary>The folder that a process keeps temporary files in, as this process can open it.</summary>
/// <param name="Path">The folder's path; of a process in a container, through /proc.</param>
/// <param name="InnerId">The process's number as it sees itself.</param>
internal readonly record struct ProcessTempFolder(string Path, int InnerId)
{
    private const int LargestEnvironment = 4 << 20;

    /// <summary>Finds it by TMPDIR in the environment that the process was started with.</summary>
    /// <exception cref="IOException">The process ended.</exception>
    /// <exception cref="UnauthorizedAccessException">It is another user's.</exception>
    public static ProcessTempFolder Find(int processId)
    {
        string folder = "/tmp";
        foreach (string setting in ProcFile.ReadText($"/proc/{processId}/environ", LargestEnvironment).Split('\0'))
        {
            if (setting.StartsWith("TMPDIR=/", StringComparison.Ordinal))
                folder = setting["TMPDIR=".Length..];
        }

        int inner = processId;
        foreach (string line in File.ReadLines($"/proc/{processId}/status"))
        {
            // The last number is that of the innermost namespace.
            if (
                line.StartsWith("NSpid:", StringComparison.Ordinal)
                && int.TryParse(line.Split('\t', ' ')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            )
                inner = id;
        }

        return new ProcessTempFolder(inner == processId ? folder : $"/proc/{processId}/root{folder}", inner);
    }
}
