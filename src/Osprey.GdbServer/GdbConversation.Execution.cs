using System.Diagnostics;
using System.Globalization;
using System.Text;
using Osprey.Debug;
using Osprey.Target;
using Osprey.Target.Execution;

namespace Osprey.GdbServer;

/// <content>Stops, steps and breakpoints.</content>
internal sealed partial class GdbConversation
{
    private const string Interrupted = "02"; // SIGINT
    private const string Trapped = "05"; // SIGTRAP
    private const int MaxWatched = 8;

    private byte[]? AnswerNamed(string text)
    {
        // gdb reads files of its own host where the server does not know these packets.
        if (!isLocal && text.StartsWith("vFile:", StringComparison.Ordinal))
            return _files.Answer(text["vFile:".Length..]);

        if (text == "vCont?")
            return Reply("vCont;c;C;s;S");

        if (text.StartsWith("vCont;", StringComparison.Ordinal))
            return Continue(text["vCont;".Length..]);

        return text.StartsWith("vKill", StringComparison.Ordinal) ? Leave("OK") : [];
    }

    /// <summary>
    /// The actions of a debugger, the first of which that fits a thread is for it. A step of one thread decides;
    /// the others can't run meanwhile.
    /// </summary>
    private byte[]? Continue(string actions)
    {
        foreach (string action in actions.Split(';'))
        {
            if (action.Length == 0 || action[0] is not ('c' or 'C' or 's' or 'S'))
                return Reply(Malformed);

            if (action[0] is 'c' or 'C')
                continue;

            int colon = action.IndexOf(':', StringComparison.Ordinal);
            long number = colon < 0 ? 0 : ParseThread(action[(colon + 1)..]);
            return (number > 0 ? Session.Find(number) : Find()) is { } thread ? Go(thread) : Reply(NoThread);
        }

        return Go(null);
    }

    /// <summary>Lets the guest run.</summary>
    /// <param name="stepped">The thread that executes one instruction; null to let all run.</param>
    private byte[]? Go(DebugThread? stepped)
    {
        if (!Steers)
            return LookAgain();

        long? interrupted = _interrupted;
        _interrupted = null;
        if (interrupted is { } start && Stopwatch.GetElapsedTime(start) < s_crossing)
            return Reply(Describe(new DebugStop(Session.Current, StopReason.Requested)));

        if (stepped is null)
        {
            HasResumed = true;
            Session.Resume();
        }
        else if (Session.Step(stepped) is { } stop)
        {
            return Reply(Describe(stop));
        }

        _isRunning = true;
        return null;
    }

    /// <summary>Goes backwards: <c>bs</c> by an instruction, <c>bc</c> until something stops the guest.</summary>
    private byte[]? GoBack(string text)
    {
        if (text is not ("bs" or "bc") || !Session.CanGoBack)
            return [];

        if (!Steers)
            return LookAgain();

        if (text == "bs")
        {
            if (Find() is not { } thread)
                return Reply(NoThread);

            Session.StepBack(thread);
        }
        else
        {
            Session.ResumeBack();
        }

        _isRunning = true;
        return null;
    }

    private byte[] LookAgain()
    {
        bool isElsewhere = Session.CanSteer;
        string why =
            isElsewhere ? "another debugger steers the guest; this one looks only"
            : Session.Guest.Target.Access == TargetAccess.Core ? "a core file does not run"
            : "the guest is looked at only, and runs on: this is a newer look";
        Print($"osprey: {why}\n");
        if (!isElsewhere && Session.Guest.Target.Access != TargetAccess.Core)
            Session.LookAgain();

        // Signal 0: nothing happened to the guest.
        _chosen = Session.Current.Number;
        return Reply(string.Create(CultureInfo.InvariantCulture, $"T00thread:{Session.Current.Number:x};"));
    }

    private byte[] SetBreakpoint(bool inserts, string rest)
    {
        string[] words = rest.Split(';')[0].Split(',');
        if (words.Length != 3 || words[0].Length != 1)
            return Reply(Malformed);

        BreakpointKind? kind = words[0][0] switch
        {
            '0' => BreakpointKind.Software,
            '1' => BreakpointKind.Hardware,
            '2' => BreakpointKind.WriteWatchpoint,
            '3' => BreakpointKind.ReadWatchpoint,
            '4' => BreakpointKind.AccessWatchpoint,
            _ => null,
        };
        if (kind is not { } known)
            return [];

        if (!Steers)
            return Reply("E01");

        ulong size = ParseHex(words[2]);
        bool isWatch = known is not (BreakpointKind.Software or BreakpointKind.Hardware);
        if (isWatch && size is 0 or > MaxWatched)
            return Reply(Malformed);

        var breakpoint = new Breakpoint(known, ParseHex(words[1]), isWatch ? (int)size : 1);
        if (inserts)
            Session.Insert(breakpoint);
        else
            Session.Remove(breakpoint);

        return Reply("OK");
    }

    /// <summary>
    /// The stop in the protocol's words: always with the thread that it is about. gdb takes that thread for the chosen
    /// one from then on, and does not choose it itself.
    /// </summary>
    private string Describe(DebugStop stop)
    {
        if (stop.Reason == StopReason.Ended)
            return "W00";

        _chosen = stop.Thread.Number;

        var text = new StringBuilder("T");
        text.Append(stop.Reason == StopReason.Requested ? Interrupted : Trapped);
        text.Append(CultureInfo.InvariantCulture, $"thread:{stop.Thread.Number:x};");
        if (stop.Thread.Cpu is int cpu)
            text.Append(CultureInfo.InvariantCulture, $"core:{cpu:x};");

        if (stop.Watch is { } watch)
        {
            string word = watch.Kind switch
            {
                BreakpointKind.ReadWatchpoint => "rwatch",
                BreakpointKind.AccessWatchpoint => "awatch",
                _ => "watch",
            };
            text.Append(CultureInfo.InvariantCulture, $"{word}:{watch.Address:x};");
        }
        else if (stop.Reason == StopReason.Breakpoint)
        {
            text.Append("swbreak:;");
        }
        else if (stop.Reason == StopReason.RecordingBegins)
        {
            text.Append("replaylog:begin;");
        }

        return text.ToString();
    }
}
