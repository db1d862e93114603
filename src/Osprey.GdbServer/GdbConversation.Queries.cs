using System.Globalization;
using System.Security;
using System.Text;
using Osprey.Debug;
using Osprey.Rsp.Server;
using Osprey.Target.Backends.Gdb;

namespace Osprey.GdbServer;

/// <content>Questions about the server, the threads and the guest's programs.</content>
internal sealed partial class GdbConversation
{
    private (string Name, byte[] Document) _document = ("", []);
    private int _listed;

    private byte[]? AnswerQuery(string text)
    {
        int end = text.IndexOfAny([':', ',', ';']);
        string name = end < 0 ? text : text[..end];
        string rest = end < 0 ? "" : text[(end + 1)..];
        switch (name)
        {
            case "qSupported":
                return Reply(
                    $"PacketSize={RspServerConnection.MaxPacketSize:x};QStartNoAckMode+;qXfer:features:read+;"
                        + "qXfer:threads:read+;qXfer:exec-file:read+;qXfer:libraries-svr4:read+;qXfer:libraries:read+;"
                        + "vContSupported+;swbreak+;hwbreak+;binary-upload+"
                        + (Steers && Session.CanGoBack ? ";ReverseStep+;ReverseContinue+" : "")
                );
            case "QStartNoAckMode":
                Send("OK");
                connection.StopAcknowledging();
                return null;
            case "QThreadSuffixSupported":
                return Reply("OK");
            case "qHostInfo" or "qProcessInfo":
                return Reply(LldbReplies.Host);
            case "qC":
                return Reply($"QC{Session.Current.Number:x}");
            case "qAttached":
                return Reply("1");
            case "qGetTLSAddr":
                return FindThreadLocal(rest);
            case "qSymbol":
                return Reply("OK");
            case "qOffsets":
                return Reply(server.Programs.Offsets);
            case "qfThreadInfo":
                _listed = 0;
                return ListThreads();
            case "qsThreadInfo":
                return ListThreads();
            case "qThreadExtraInfo":
                return Session.Find(ParseThread(rest)) is { } thread
                    ? Reply(Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"{thread.Name} ({Describe(thread)})")))
                    : Reply(NoThread);
            case "qXfer":
                return Transfer(rest);
            case "qRcmd":
                return RunMonitor(rest);
            default:
                return [];
        }
    }

    /// <summary>Finds a thread-local variable: <c>thread,offset,program</c>.</summary>
    private byte[] FindThreadLocal(string rest)
    {
        if (rest.Split(',') is not [var number, var offset, var program])
            throw new FormatException("no thread, offset and program");

        if (Session.Find(ParseThread(number)) is not { } thread)
            return Reply(NoThread);

        return
            server.Programs.FindProgram(ParseHex(program)) is { } module
            && thread.FindContext()?.FindThreadLocal(module, ParseHex(offset)) is ulong address
            ? Reply($"{address:x}")
            : Reply("E01");
    }

    private byte[] ListThreads()
    {
        IReadOnlyList<DebugThread> threads = Session.Threads;
        var text = new StringBuilder("m");
        for (; _listed < threads.Count && text.Length < RspServerConnection.MaxPacketSize / 4; _listed++)
            text.Append(text.Length > 1 ? "," : "")
                .Append(CultureInfo.InvariantCulture, $"{threads[_listed].Number:x}");

        return Reply(text.Length > 1 ? text.ToString() : "l");
    }

    /// <summary>Hands out a document in pieces: <c>object:read:annex:offset,length</c>.</summary>
    private byte[] Transfer(string rest)
    {
        string[] words = rest.Split(':');
        if (words.Length < 4 || words[1] != "read")
            return [];

        string[] range = words[^1].Split(',');
        if (range.Length != 2)
            throw new FormatException("no range");

        (ulong offset, ulong length) = (ParseHex(range[0]), ParseHex(range[1]));
        string key = $"{words[0]}:{words[2]}";
        if (offset == 0 || _document.Name != key)
        {
            if (MakeDocument(words[0], words[2]) is not { } made)
                return words[0] is "features" or "threads" or "exec-file" ? Reply("E00") : [];

            _document = (key, Encoding.UTF8.GetBytes(made));
        }

        byte[] document = _document.Document;
        if (offset >= (ulong)document.Length)
            return Reply("l");

        int start = (int)offset;
        int size = (int)
            Math.Min(Math.Min(length, RspServerConnection.MaxPacketSize / 4), (ulong)(document.Length - start));
        return [(byte)(start + size == document.Length ? 'l' : 'm'), .. document.AsSpan(start, size)];
    }

    private string? MakeDocument(string kind, string annex) =>
        kind switch
        {
            "features" when annex == "target.xml" => ServedRegisters.Description,
            "threads" => DescribeThreads(),
            "libraries-svr4" => server.Programs.LinuxLibraries,
            "libraries" => server.Programs.Libraries,
            "exec-file" => server.Programs.KernelPath is { Length: > 0 } path ? path : null,
            _ => null,
        };

    private string DescribeThreads()
    {
        var xml = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
        foreach (DebugThread thread in Session.Threads)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<thread id=\"{thread.Number:x}\"");
            if (thread.Cpu is int cpu)
                xml.Append(CultureInfo.InvariantCulture, $" core=\"{cpu}\"");

            xml.Append(
                CultureInfo.InvariantCulture,
                $" name=\"{Printable(thread.Name)}\">{Printable(Describe(thread))}</thread>\n"
            );
        }

        return xml.Append("</threads>\n").ToString();
    }

    /// <summary>
    /// A thread's state in words; the current thread's also say why others may be missing, as nothing else of a list
    /// is shown by debuggers.
    /// </summary>
    private string Describe(DebugThread thread) =>
        thread.Number == Session.Current.Number && Session.ThreadProblem is { } problem
            ? $"{thread.Description}; threads may be missing: {problem}"
            : thread.Description;

    /// <summary>A guest's names may hold anything: what XML can't hold is shown as '?'.</summary>
    private static string Printable(string text) =>
        SecurityElement.Escape(
            new string([
                .. text.Select(letter =>
                    char.IsControl(letter) || char.IsSurrogate(letter) || letter >= '\ufffe' ? '?' : letter
                ),
            ])
        );

    private byte[] RunMonitor(string hex)
    {
        string line = Encoding.UTF8.GetString(Convert.FromHexString(hex)).Trim();
        string? output = connection.Run(work => server.RunCommand(line, work), _cancellation);
        if (output is null)
        {
            GdbTarget? stub = Session.Guest.Target.Stub;
            output =
                stub is null ? "there is no monitor behind this guest; 'osprey ...' works\n"
                : !Steers ? "only the debugger that steers the guest can use QEMU's monitor; 'osprey ...' works\n"
                : stub.Monitor(line) ?? "QEMU's stub has no monitor\n";
        }

        Session.Forget();
        if (output.Length > 0)
            Print(output);

        return Reply("OK");
    }
}
