namespace Osprey.Session.Traces.Export;

/// <summary>A file that is written beside its place and put there when it is whole.</summary>
public sealed class ExportFile : IDisposable
{
    private readonly string _place;
    private readonly string _partial;
    private bool _isDone;

    /// <param name="path">Where the file is to be; where a link leads is replaced, not the link.</param>
    /// <param name="input">The trace; neither it nor its symbols file is replaced.</param>
    /// <exception cref="IOException">It would replace the trace or a device, or can't be created.</exception>
    public ExportFile(string path, string input)
    {
        if (path.Length == 0 || Directory.Exists(path))
            throw new IOException($"cannot write to '{path}': it is not a file's name");

        _place = Resolve(path);
        if (input != TraceSession.StandardInput && (Resolve(input) == _place || Resolve(input + ".symbols") == _place))
            throw new IOException($"cannot write to {path}: it is the trace that is read, or its symbols");

        // A rename would replace /dev/null itself by a file.
        if (_place.StartsWith("/dev/", StringComparison.Ordinal) && !_place.StartsWith("/dev/shm/", StringComparison.Ordinal))
            throw new IOException($"cannot write to {path}: it is a device");

        Folder = Path.GetDirectoryName(_place)!;
        if (!Directory.Exists(Folder))
            throw new IOException($"cannot write to {path}: there is no folder {Folder}");

        _partial = $"{_place}.{Environment.ProcessId}.partial";
        Stream = new FileStream(_partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }

    /// <summary>The folder that it will be in.</summary>
    public string Folder { get; }

    /// <summary>What is to be in the file.</summary>
    public Stream Stream { get; }

    /// <summary>Puts the file in its place.</summary>
    public void Finish()
    {
        Stream.Dispose();
        File.Move(_partial, _place, overwrite: true);
        _isDone = true;
    }

    /// <summary>Closes the file; one that was not finished is deleted.</summary>
    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        finally
        {
            if (!_isDone)
                File.Delete(_partial);
        }
    }

    private static string Resolve(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }
}
