using System.Globalization;
using Osprey.Binary;
using Osprey.Target.Backends.Processes;

namespace Osprey.Target.Backends.Qemu.Processes;

/// <summary>
/// The places of files with what is at work within a QEMU, for whoever comes after a program that was killed.
/// </summary>
public static class QemuStateFile
{
    private const int MaxFiles = 1000;

    /// <summary>
    /// The age from which on a file may be deleted: the folder may be shared with a host or a container whose processes
    /// are not seen here.
    /// </summary>
    private static readonly TimeSpan s_keptTime = TimeSpan.FromDays(1);

    /// <summary>The path of a QEMU's file below the user's folder for state; nothing is made.</summary>
    /// <param name="kind">The folder, such as "breakpoints".</param>
    /// <param name="process">The QEMU; another one with the same process id has another file.</param>
    public static string Find(string kind, QemuProcess process)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{process.ProcessId}-{process.StartTime}");
        return Path.Combine(UserFolders.State, kind, name);
    }

    /// <summary>Makes the folder of a file, and clears it of those of QEMUs that ended.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="IOException">The folder can't be made or read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not for this user.</exception>
    public static void MakeFolder(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        DeleteOfEnded(folder);
    }

    /// <summary>
    /// Deletes the files in a folder that are a day old or older and whose QEMU has ended, also where another process
    /// has its number by now.
    /// </summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not for this user to read.</exception>
    public static void DeleteOfEnded(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Take(MaxFiles))
        {
            string[] name = Path.GetFileName(file).Split('-');
            if (
                name.Length != 2
                || !int.TryParse(name[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                || !ulong.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
                || File.GetLastWriteTimeUtc(file) > DateTime.UtcNow - s_keptTime
                || ProcessStat.IsAlive(id, start)
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
