import type { CameraLink, Client } from '@sextant/client';
import { byId, icon } from './dom.js';
import type { Notices } from './notices.js';
import { cameraWords, errorWords } from './words.js';

/** The visitor's own camera: asked for on a press of the button, never before. */
export class OwnCamera {
  readonly #button = byId<HTMLButtonElement>('own-camera');
  readonly #notices: Notices;
  readonly #changed: (link: CameraLink | undefined) => void;
  #client: Client | undefined;
  #media: MediaStream | undefined;
  #link: CameraLink | undefined;
  #offered = false;
  /** Rises with each start and stop: a camera that was stopped before it came is switched off when it comes. */
  #turn = 0;

  /** @param changed hears of the link when it is made, and of undefined when it ends */
  constructor(notices: Notices, changed: (link: CameraLink | undefined) => void) {
    this.#notices = notices;
    this.#changed = changed;
    this.#button.addEventListener('click', () => {
      void this.toggle();
    });
    this.#show();
  }

  get link(): CameraLink | undefined {
    return this.#link;
  }

  /** Another connection, which knows nothing of the camera; it is sent there too. */
  setClient(client: Client): void {
    this.#client = client;
    this.#link = undefined;
    if (this.#media !== undefined) this.#send(this.#media);
  }

  /** Whether the server takes cameras. */
  offer(offered: boolean): void {
    this.#offered = offered;
    this.#show();
  }

  /** Starts or ends the camera; nothing while it is being started, as with the button. */
  async toggle(): Promise<void> {
    if (this.#button.disabled) return;
    if (this.#media !== undefined) {
      this.stop();
      return;
    }
    if (!this.#offered) return;
    this.#notices.clear('camera');
    // Browsers write this object only for pages they take for secure.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) {
      this.#notices.tell('camera', { kind: 'error', text: 'This browser gives a camera only to pages of https or of localhost', hint: 'Open the page through https (a reverse proxy) or on the server itself.' });
      return;
    }
    this.#button.disabled = true;
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const media = await devices.getUserMedia({ audio: false, video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: 'environment' } });
      if (turn !== this.#turn) {
        switchOff(media);
        return;
      }
      this.#media = media;
      media.getVideoTracks()[0]?.addEventListener('ended', () => {
        if (this.#media !== media) return;
        this.stop();
        this.#notices.tell('camera', { kind: 'warning', text: 'The camera ended', hint: 'It was unplugged, or permission was taken back. Showing the server\'s camera again.' });
      });
      if (!('MediaStreamTrackProcessor' in globalThis))
        this.#notices.tell('camera', { kind: 'info', text: 'This browser reads its camera without WebCodecs', hint: 'It works; pictures go through a canvas, which costs this device more.' });
      this.#send(media);
    } catch (error) {
      this.#notices.tell('camera', { kind: 'error', ...cameraWords(error) });
    } finally {
      this.#button.disabled = false;
      this.#show();
    }
  }

  /** Ends the camera and goes back to the server's. */
  stop(): void {
    this.#turn += 1;
    switchOff(this.#media);
    this.#media = undefined;
    this.#link?.close();
    this.#link = undefined;
    this.#changed(undefined);
    this.#show();
  }

  #send(media: MediaStream): void {
    try {
      this.#link = this.#client?.camera(media);
      this.#changed(this.#link);
    } catch (error) {
      this.stop();
      this.#notices.tell('camera', { kind: 'error', ...errorWords(error) });
    }
  }

  #show(): void {
    const active = this.#media !== undefined;
    this.#button.replaceChildren(icon('camera'), active ? 'Stop my camera' : 'Use my camera');
    this.#button.setAttribute('aria-pressed', String(active));
    this.#button.hidden = !this.#offered && !active;
  }
}

function switchOff(media: MediaStream | undefined): void {
  for (const track of media?.getTracks() ?? []) track.stop();
}
