import { serveMaker } from './dataset/maker-process.js';

serveMaker();
