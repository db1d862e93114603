namespace Osprey.Tracing;

/// <summary>Prints the records of this process as they are written, a line each.</summary>
public static class Strace
{
    /// <summary>Prints to standard error.</summary>
    public static StraceSession ToConsole() => To(Console.Error.WriteLine);

    /// <summary>Prints to a file, which is made anew.</summary>
    /// <param name="path">The file's path.</param>
    public static StraceSession ToFile(string path)
    {
        var writer = new StreamWriter(path) { AutoFlush = true };
        try
        {
            return new StraceSession(writer.WriteLine, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Gives each line to a method, on a thread of its own, one after the other.</summary>
    /// <param name="line">Receives a line without its end.</param>
    /// <exception cref="InvalidOperationException">Records are printed already.</exception>
    public static StraceSession To(Action<string> line) => new(line, null);
}
