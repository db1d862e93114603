using Microsoft.Win32.SafeHandles;

namespace Osprey.Session.Traces;

/// <summary>
/// A file that is written beside its place and put there when it is whole, so that nobody ever sees half of it.
/// </summary>
public sealed class ReplacedFile : IDisposable
{
    private readonly string _place;
    private readonly string _partial;
    private bool _isDone;

    private ReplacedFile(string path, string place)
    {
        Path = path;
        _place = place;
        _partial = $"{place}.{Environment.ProcessId}.partial";
        var stream = new FileStream(_partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        (Stream, Handle) = (stream, stream.SafeFileHandle);
    }

    /// <summary>The path as the user gave it.</summary>
    public string Path { get; }

    /// <summary>The folder that it will be in.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(_place)!;

    /// <summary>The content of the file, to be written.</summary>
    public Stream Stream { get; }

    /// <summary>The same file, for who writes at places of its own; not together with <see cref="Stream"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Begins a file; where a link leads is replaced, not the link.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <param name="inputs">Files that it must not replace.</param>
    /// <exception cref="IOException">It would replace an input or a device, or can't be created.</exception>
    public static ReplacedFile Create(string path, IEnumerable<string> inputs)
    {
        if (path.Length == 0 || Directory.Exists(path))
            throw new IOException($"cannot write to '{path}': it is not a file's name");

        string place = FilePlace.Resolve(path);
        foreach (string input in inputs)
        {
            if (FilePlace.Resolve(input) == place)
                throw new IOException(
                    $"cannot write to {path}: it is {(input == path ? "an input" : $"the input {input}")}"
                );
        }

        OutputPlace.RequireReplaceable(place, $"cannot write to {path}", " (- writes to standard output)");
        OutputPlace.RequireFolder(place, $"cannot write to {path}");
        try
        {
            return new ReplacedFile(path, place);
        }
        catch (FileNotFoundException failed) // such as in /proc
        {
            throw new IOException($"cannot write to {path}: no file can be created there", failed);
        }
    }

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
}
