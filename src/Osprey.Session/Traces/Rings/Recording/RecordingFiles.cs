using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Osprey.Session.Traces.Rings.Recording;

/// <summary>
/// The files of a recording: the newest has the name that was asked for, older ones a number behind it.
/// </summary>
/// <remarks>A recording is useful while it is made, so it stands in its place from the beginning.</remarks>
internal sealed class RecordingFiles : IDisposable
{
    private readonly string _path;
    private readonly int _keep;
    private SafeFileHandle? _file;

    /// <param name="path">The file to write or replace.</param>
    /// <param name="keep">The number of files to keep.</param>
    /// <exception cref="IOException">It is a folder, a pipe or a device, or its folder does not exist.</exception>
    public RecordingFiles(string path, int keep)
    {
        _keep = Math.Max(keep, 1);
        if (path.Length == 0 || Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw new IOException($"cannot write to '{path}': it is not a file's name");

        _path = FilePlace.Resolve(path);
        OutputPlace.RequireReplaceable(_path, $"cannot write to {path}", ", and a recording goes to a file");
        OutputPlace.RequireFolder(_path, $"cannot write to {path}");
    }

    /// <summary>The files that there are, newest first.</summary>
    public IReadOnlyList<string> All => [.. Enumerable.Range(0, _keep).Select(PathOf).Where(File.Exists)];

    /// <summary>Begins the next file; older ones move on by one number, and the oldest goes.</summary>
    public SafeFileHandle Next()
    {
        if (_file is not null)
        {
            _file.Dispose();
            for (int i = _keep - 1; i > 0; i--)
            {
                if (File.Exists(PathOf(i - 1)))
                    File.Move(PathOf(i - 1), PathOf(i), overwrite: true);
            }
        }

        // A reader of the file that is replaced goes on with that.
        File.Delete(_path);
        return _file = File.OpenHandle(
            _path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete
        );
    }

    public void Dispose() => _file?.Dispose();

    private string PathOf(int number) =>
        number == 0 ? _path : _path + "." + number.ToString(CultureInfo.InvariantCulture);
}
