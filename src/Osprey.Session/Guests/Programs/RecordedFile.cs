using Osprey.Binary;
using Osprey.Binary.Elf;
using Osprey.Target.Backends.CoreFile;

namespace Osprey.Session.Guests.Programs;

/// <summary>Finds the ELF file of a program that a core names, where it was or elsewhere.</summary>
internal static class RecordedFile
{
    private const string BuildIdFolder = "/usr/lib/debug/.build-id";

    /// <summary>Finds the file. A core may name anything: only regular files are opened.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folders">Folders to look for a file of the same name and build-id in, when it is not there.</param>
    /// <param name="problem">The reason why the file is not usable; null when it is.</param>
    public static string? Find(CoreProgram program, IReadOnlyList<string> folders, out string? problem)
    {
        problem = Check(program.Path, program.BuildId);
        if (problem is null)
            return program.Path;

        // Without a build-id nothing says that another file is the same.
        if (program.BuildId.Length <= 2)
            return null;

        string name = Path.GetFileName(program.Path);
        foreach (
            string candidate in folders
                .Select(folder => Path.Combine(folder, name))
                .Append(Path.Combine(BuildIdFolder, program.BuildId[..2], program.BuildId[2..] + ".debug"))
        )
        {
            if (Check(candidate, program.BuildId) is null)
                return candidate;
        }

        return null;
    }

    private static string? Check(string path, string buildId)
    {
        if (!path.StartsWith('/') && !File.Exists(path))
            return "it is no full path";

        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return "there is no such file any more";

            const FileAttributes Other = FileAttributes.Device | FileAttributes.Directory;
            if ((file.Attributes & Other) != 0 || file.Length == 0)
                return "it is no regular file";

            using ElfImage image = ElfImage.Open(path);
            string found = image.ReadBuildId().ToString();
            return string.Equals(found, buildId, StringComparison.OrdinalIgnoreCase)
                ? null
                : $"it is another build now (build-id {Name(found)}, the core's had {Name(buildId)})";
        }
        catch (Exception exception) when (exception is BadDataException or IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private static string Name(string buildId) => buildId.Length == 0 ? "none" : buildId;
}
