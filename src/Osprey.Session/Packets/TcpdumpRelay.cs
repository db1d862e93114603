using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Osprey.Packets.Pcap;

namespace Osprey.Session.Packets;

/// <summary>Runs tcpdump over a whole trace and passes on all that it says, its messages included.</summary>
public static class TcpdumpRelay
{
    private const int MillisecondsToEnd = 2000;

    /// <summary>Runs <c>tcpdump -nn -r -</c>.</summary>
    /// <param name="write">Writes the packets; called on another thread, while this one passes on the text.</param>
    /// <param name="output">Where the text goes, standard output and errors in the order in which they come.</param>
    /// <param name="program">The program's name or path.</param>
    /// <returns>
    /// The program's exit code. When it ends early, packets that it didn't take are lost without an error.
    /// </returns>
    /// <remarks>What <paramref name="write"/> throws is thrown here, after the text of the packets before.</remarks>
    /// <exception cref="TcpdumpException">There is no such program, or it doesn't start.</exception>
    public static int Run(Action<PcapWriter> write, Stream output, string program = TcpdumpProgram.DefaultName)
    {
        using Process process = TcpdumpProgram.Start(program, mergeErrors: true, "-nn", "-r", "-");
        ExceptionDispatchInfo? failure = null;
        Thread sender = new(() => failure = Send(process, write)) { IsBackground = true, Name = "tcpdump input" };
        sender.Start();
        try
        {
            process.StandardOutput.BaseStream.CopyTo(output);
            output.Flush();
        }
        catch (IOException)
        {
            process.Kill(); // nobody reads on; this frees the sender from a full pipe, too
            sender.Join();
            throw;
        }

        sender.Join();
        process.WaitForExit();
        failure?.Throw();
        return process.ExitCode;
    }

    private static ExceptionDispatchInfo? Send(Process process, Action<PcapWriter> write)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            PcapWriter packets = new(process.StandardInput.BaseStream, PcapVariant.Compatible);
            write(packets);
            packets.Flush();
        }
        catch (IOException problem)
        {
            // A closed pipe is the program's end, which the exit code tells; anything else is the caller's.
            failure = process.WaitForExit(MillisecondsToEnd) ? null : ExceptionDispatchInfo.Capture(problem);
        }
        catch (Exception problem)
        {
            failure = ExceptionDispatchInfo.Capture(problem);
        }

        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // closed at the other end
        }

        return failure;
    }
}
