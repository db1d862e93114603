using Osprey.Session.Traces;
using Osprey.Traces.Exports;
using Osprey.Traces.Exports.Ctf;

namespace Osprey.Cli.Commands.Trace;

/// <summary>Writes a trace as a folder in the Common Trace Format.</summary>
internal static class CtfFolder
{
    /// <summary>Writes the folder, which must be new or empty; when it fails, nothing of it is left.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static TraceExport Write(TraceInvocation invocation, string path)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new IOException(
                $"cannot write to {path}: --to ctf makes a folder, and this is not a new or empty one"
            );

        OutputPlace.RequireFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), $"cannot write to {path}");
        Directory.CreateDirectory(path);
        string stream = Path.Combine(path, "stream");
        string metadata = Path.Combine(path, "metadata");
        bool isWhole = false;
        try
        {
            using FileStream streamFile = File.Create(stream);
            using FileStream metadataFile = File.Create(metadata);
            var export = new CtfExport(invocation.Scope, streamFile, metadataFile);
            invocation.Analyse(export);
            isWhole = export.Count > 0;
            return export;
        }
        finally
        {
            if (!isWhole)
            {
                File.Delete(stream);
                File.Delete(metadata);
                Directory.Delete(path);
            }
        }
    }
}
