using Osprey.Binary;
using Osprey.Rest.Connection;

namespace Osprey.Rest.Dumps;

/// <summary>
/// The files of one download: the requested one, and temporary ones beside it until the download is complete.
/// </summary>
internal sealed class DownloadTarget
{
    private readonly string _path;

    private DownloadTarget(string path) => _path = path;

    /// <summary>The file to which the dump is written while it arrives.</summary>
    public string Partial => _path + ".partial";

    private string Converted => _path + ".converted";

    /// <summary>Checks that the file can be written, before the guest gets any request.</summary>
    public static DownloadTarget Resolve(string path)
    {
        if (path.Length == 0 || Directory.Exists(path))
            throw new GuestRestException(
                GuestRestProblem.LocalFile,
                $"cannot write to '{path}': it is not a file's name"
            );

        try
        {
            // The file behind a link is replaced, not the link.
            FileSystemInfo? linked = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
            string whole = linked?.FullName ?? Path.GetFullPath(path);
            string? folder = Path.GetDirectoryName(whole);
            if (!Directory.Exists(folder))
                throw new GuestRestException(
                    GuestRestProblem.LocalFile,
                    $"cannot write {path}: there is no folder {folder}"
                );

            // A rename would replace /dev/null itself, or a pipe, by a file.
            if (FindSpecial(whole) is string special)
                throw new GuestRestException(
                    GuestRestProblem.LocalFile,
                    $"cannot write {path}: it is {special}, and a dump goes to a file"
                );
            return new DownloadTarget(linked is null ? path : whole);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Failed($"cannot write {path}", e);
        }
    }

    private static string? FindSpecial(string place) =>
        FileKinds.Find(place) switch
        {
            FileKind.Pipe => "a pipe",
            FileKind.Socket => "a socket",
            FileKind.Device => "a device",
            _ when place.StartsWith("/dev/", StringComparison.Ordinal)
                    && !place.StartsWith("/dev/shm/", StringComparison.Ordinal) => "a device",
            _ => null,
        };

    /// <summary>Makes the exception for an error of the file system.</summary>
    public static GuestRestException Failed(string what, Exception failure)
    {
        // On Linux HResult is errno. The messages of .NET may be missing in a trimmed build.
        string why = failure switch
        {
            UnauthorizedAccessException => "permission denied",
            { HResult: 28 } => "the disk is full",
            { HResult: 11 } => "another download writes it",
            { HResult: 30 } => "the file system is read-only",
            _ => "the file system refused",
        };
        return new GuestRestException(GuestRestProblem.LocalFile, $"{what}: {why}", inner: failure);
    }

    public FileStream CreatePartial()
    {
        try
        {
            return new FileStream(Partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed($"cannot write {Partial}", e);
        }
    }

    public void DeletePartial() => File.Delete(Partial);

    /// <summary>Moves the complete dump, or the file converted from it, to the requested place.</summary>
    public void Finish(TraceDownload.Conversion? convert)
    {
        try
        {
            if (convert is null)
            {
                File.Move(Partial, _path, overwrite: true);
                return;
            }

            convert(Partial, Converted);
            File.Move(Converted, _path, overwrite: true);
            File.Delete(Partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadDataException)
        {
            File.Delete(Converted);
            GuestRestException failure =
                e is BadDataException
                    ? new GuestRestException(
                        GuestRestProblem.BadReply,
                        $"the dump came whole but cannot be converted: {e.Message}",
                        inner: e
                    )
                    : Failed($"cannot write {_path}", e);
            throw failure.With($"{failure.Finding}; the dump is kept in {Partial}");
        }
    }
}
