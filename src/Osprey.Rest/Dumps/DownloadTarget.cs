using Osprey.Binary;
using Osprey.Rest.Connection;

namespace Osprey.Rest.Dumps;

/// <summary>The files of one download: the one asked for, and those beside it until all is well.</summary>
internal sealed class DownloadTarget
{
    private readonly string _path;

    private DownloadTarget(string path) => _path = path;

    /// <summary>Where the dump goes while it comes.</summary>
    public string Partial => _path + ".partial";

    private string Converted => _path + ".converted";

    /// <summary>Checks, before anything is asked of the guest, that a file can be put there.</summary>
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

            // A rename would replace /dev/null itself by a file.
            if (
                whole.StartsWith("/dev/", StringComparison.Ordinal)
                && !whole.StartsWith("/dev/shm/", StringComparison.Ordinal)
            )
                throw new GuestRestException(
                    GuestRestProblem.LocalFile,
                    $"cannot write {path}: it is a device, and a dump goes to a file"
                );
            return new DownloadTarget(linked is null ? path : whole);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Failed($"cannot write {path}", e);
        }
    }

    /// <summary>An error of the file system in our own words.</summary>
    public static GuestRestException Failed(string what, Exception failure)
    {
        // HResult is errno here; the framework's texts may be left out of a build.
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

    /// <summary>Puts the complete dump, or what it is converted to, in place.</summary>
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
