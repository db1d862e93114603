using System.Globalization;
using Osprey.Rsp;
using Osprey.Target.Execution;

namespace Osprey.Target.Backends.Gdb;

// QEMU counts the instructions of a replayed guest. To go back it loads the last snapshot before the place, counts
// forward to where it is now while it notes the last breakpoint or watchpoint on the way, and once more to that. The
// stop that it tells then says nothing of a watchpoint, and that of the recording's beginning looks like any other.

/// <content>Going backwards in a recording.</content>
internal sealed partial class GdbExecution : IReplayControl
{
    private const string PositionLabel = "instruction count = ";

    private Direction _direction;

    /// <summary>Tells whether the stub offers it: its QEMU replays a recording.</summary>
    public bool CanReplay => client.Features.CanReverse;

    /// <inheritdoc/>
    public ulong ReadPosition() => ulong.Parse(FindPosition(Ask("info replay")), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void StepBack() => GoBack(client.StepBack, Direction.BackByOne);

    /// <inheritdoc/>
    public void ResumeBack() => GoBack(client.ContinueBack, Direction.Back);

    /// <inheritdoc/>
    public void ResumeTo(ulong position)
    {
        string answer = Ask(string.Create(CultureInfo.InvariantCulture, $"replay_break {position}"));
        if (answer.Length > 0)
            throw new TargetException(TargetProblem.CommandFailed, $"QEMU does not go to {position}: {answer}");

        try
        {
            _told.Clear();
            Run(client.Continue);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    private void GoBack(Action go, Direction direction)
    {
        if (IsRunning)
            return;

        _pending = ReadPosition() == 0 ? new StopEvent(StopReason.RecordingBegins) : null;
        if (_pending is not null)
            return;

        try
        {
            _told.Clear();
            _direction = direction;
            Run(go);
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    private StopEvent DescribeBack(Direction direction, int? cpu)
    {
        if (direction == Direction.BackByOne)
        {
            if (cpu is int stepped && _breakpoints.Count > 0)
                NoteTold(stepped);

            return new StopEvent(StopReason.Step, cpu);
        }

        if (ReadPosition() == 0)
            return new StopEvent(StopReason.RecordingBegins, cpu);

        Breakpoint[] watched = [.. _breakpoints.Where(one => !one.IsInstruction)];
        return watched.Length == 1
            ? new StopEvent(StopReason.Watchpoint, cpu, watched[0].Address)
            : new StopEvent(StopReason.Other, cpu);
    }

    private string Ask(string command)
    {
        if (IsRunning)
            throw new TargetException(TargetProblem.NotAnswered, "the guest runs: only one that stands still can tell");

        try
        {
            return (client.Monitor(command) ?? "").Trim();
        }
        catch (RspException failed)
        {
            throw translate(failed);
        }
    }

    private static ReadOnlySpan<char> FindPosition(string text)
    {
        int at = text.IndexOf(PositionLabel, StringComparison.Ordinal);
        ReadOnlySpan<char> digits = at < 0 ? "" : text.AsSpan(at + PositionLabel.Length);
        int end = digits.IndexOfAnyExceptInRange('0', '9');
        digits = end < 0 ? digits : digits[..end];
        return digits.Length is > 0 and < 20
            ? digits
            : throw new TargetException(
                TargetProblem.MonitorNotUnderstood,
                "QEMU does not tell where in the recording the guest is"
            );
    }

    private enum Direction
    {
        Forward,
        BackByOne,
        Back,
    }
}
