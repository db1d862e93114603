using System.Globalization;
using Osprey.Session.Answers;
using Osprey.Session.Guests;

namespace Osprey.Session.Traces.Rings;

/// <summary>What a guest's rings hold, in a file without a name that is gone when it is closed.</summary>
public sealed class ExtractedTrace : IDisposable
{
    private readonly FileStream _file;

    private ExtractedTrace(FileStream file, ExtractionResult result)
    {
        _file = file;
        Result = result;
    }

    /// <summary>What was read.</summary>
    public ExtractionResult Result { get; }

    /// <summary>A path that leads to the file as long as it is open.</summary>
    public string Path => PathOf(_file);

    /// <summary>Reads a guest's rings.</summary>
    /// <inheritdoc cref="TraceExtraction.Run"/>
    public static ExtractedTrace Create(GuestSession session, QuestionContext? context = null)
    {
        FileStream file = CreateNameless();
        try
        {
            return new ExtractedTrace(
                file,
                TraceExtraction.Run(session, file.SafeFileHandle, session.Target.Name, context)
            );
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static FileStream CreateNameless()
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $".osprey-trace-{Guid.NewGuid():N}");
        var file = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete
        );
        File.Delete(path);
        return file;
    }

    private static string PathOf(FileStream file) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle().ToInt64()}"
        );
}
