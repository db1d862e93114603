using System.Globalization;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>
/// The places of files with what is at work within a QEMU, for whoever comes after a program that was killed.
/// </summary>
public static class QemuStateFile
{
    private const int MaxFiles = 1000;

    /// <summary>The path of a QEMU's file below the user's folder for state; nothing is made.</summary>
    /// <param name="kind">The folder, such as "breakpoints".</param>
    /// <param name="process">The QEMU; another one with the same process id has another file.</param>
    public static string Find(string kind, QemuProcess process)
    {
        string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");

        string name = string.Create(CultureInfo.InvariantCulture, $"{process.ProcessId}-{process.StartTime}");
        return Path.Combine(state, "osprey", kind, name);
    }

    /// <summary>Deletes the files in a folder whose QEMU has ended.</summary>
    internal static void DeleteOfEnded(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Take(MaxFiles))
        {
            string id = Path.GetFileName(file).Split('-')[0];
            if (
                !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                || Directory.Exists($"/proc/{id}")
            )
                continue;

            try
            {
                File.Delete(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another program was faster.
            }
        }
    }
}
